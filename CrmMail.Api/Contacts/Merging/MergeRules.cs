using CrmMail.Api.Problems;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>What stands against merging contacts, or undoing that, for the moment.</summary>
internal static class MergeRules
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // The contact that was given back has not got all of its mails yet.
    private const string Busy = """
        select
            exists (select from erasures where contact_id = any ($1) and completed_at is null),
            exists (select from contact_merges where contact_id = any ($1) and state = 'undoing')
        """;

    /// <summary>Refuses contacts that are being erased, or given back by a merge that is being undone.</summary>
    /// <exception cref="ProblemException">One of them is.</exception>
    public static async Task ThrowIfBusyAsync(NpgsqlConnection connection, Guid[] contacts, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Busy, connection) { Parameters = { new() { Value = contacts } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        if (row.GetBoolean(0))
        {
            throw new ProblemException(new Problem(ProblemKind.ContactBeingErased));
        }

        if (row.GetBoolean(1))
        {
            throw new ProblemException(Running("Mails of one of the contacts are still on their way."));
        }
    }

    /// <summary>A merge has not come to its end.</summary>
    public static Problem Running(string detail) => new(ProblemKind.MergeRunning, detail) { RetryAfter = RetryAfter };
}
