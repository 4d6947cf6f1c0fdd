using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Ledger;

/// <summary>The mailboxes of which contacts were given or lost an address.</summary>
internal sealed class ChangedMailboxes(NpgsqlDataSource database)
{
    private const int MostAtOnce = 500;

    private readonly string _due = SqlFile.Read("due_mailboxes");
    private readonly string _end = SqlFile.Read("end_look");
    private readonly string _forgetNames = SqlFile.Read("forget_names");

    /// <summary>Some of those that are to be looked at now, each with the version of its change.</summary>
    public async Task<List<(string Mailbox, long Version)>> ReadDueAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(_due);
        command.Parameters.Add(new() { Value = MostAtOnce });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<(string, long)>();
        while (await row.ReadAsync(cancellationToken))
        {
            due.Add((row.GetString(0), row.GetInt64(1)));
        }

        return due;
    }

    /// <summary>They were looked at: they are looked at again some time later, and after the last time forgotten.</summary>
    public async Task EndLookAsync(List<(string Mailbox, long Version)> seen, CancellationToken cancellationToken)
    {
        var mailboxes = seen.ConvertAll(change => change.Mailbox);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(_forgetNames) { Parameters = { new() { Value = mailboxes } } });
        batch.BatchCommands.Add(new(_end) { Parameters = { new() { Value = mailboxes }, new() { Value = seen.ConvertAll(change => change.Version) } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
