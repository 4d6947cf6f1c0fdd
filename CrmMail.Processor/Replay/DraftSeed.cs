using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Copies into a draft what is known of the accounts and mails of a batch and does not come from the range. So an event that only tells
/// more of a mail finds it there, as the live Processor did.
/// </summary>
internal sealed class DraftSeed(PartitionWork work)
{
    private readonly string[] _sql = [SqlFile.Read("seed_accounts"), SqlFile.Read("seed_seen_accounts"), SqlFile.Read("seed_mails"), SqlFile.Read("seed_reports")];

    public async Task CopyAsync(NpgsqlConnection connection, ArraySegment<BatchItem> items, CancellationToken cancellationToken)
    {
        var accounts = new SortedSet<string>(StringComparer.Ordinal);
        var keys = new HashSet<MessageKey>();
        foreach (var item in items)
        {
            accounts.Add(item.Event.Account.Value);
            foreach (var key in item.Event.Content.Keys)
            {
                keys.Add(key);
            }
        }

        var accountIds = accounts.ToArray();
        var keyBytes = keys.Select(key => key.Bytes.ToArray()).ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(_sql[0]) { Parameters = { new() { Value = accountIds } } },
                new(_sql[1]) { Parameters = { new() { Value = work.Partition }, new() { Value = accountIds } } },
                new(_sql[2])
                {
                    Parameters = { new() { Value = accountIds }, new() { Value = keyBytes }, new() { Value = work.Run.Id }, new() { Value = !work.Run.IsRebuild } },
                },
                new(_sql[3]) { Parameters = { new() { Value = accountIds }, new() { Value = keyBytes } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
