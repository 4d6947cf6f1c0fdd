using Npgsql;

namespace CrmMail.Api;

/// <summary>Values that belong to one owner each: the addresses of contacts, the domains of companies.</summary>
internal static class OwnedValues
{
    /// <summary>Makes these the values of the owner, and no others; false when somebody else has one of them.</summary>
    /// <param name="connection">In a transaction that is rolled back when the answer is false.</param>
    /// <param name="remove">Takes away all values of <c>$1</c> but <c>$2</c>.</param>
    /// <param name="put">Gives <c>$1</c> the values <c>$2</c> that nobody else has, and returns a row for each that it has now.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="values">The values, each once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<bool> TryReplaceAsync(
        NpgsqlConnection connection, string remove, string put, Guid owner, string[] values, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { remove, put })
        {
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = owner }, new() { Value = values } } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var owned = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            owned++;
        }

        return owned == values.Length;
    }
}
