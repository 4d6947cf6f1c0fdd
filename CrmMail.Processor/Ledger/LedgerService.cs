using CrmMail.Processor.Batches;
using CrmMail.Processor.Database;
using CrmMail.Processor.Merging;
using Npgsql;

namespace CrmMail.Processor.Ledger;

/// <summary>
/// Links the past mail of contacts that were made or given an address, unlinks that of those that lost one, and moves that of those that were
/// merged: of all Processors one at a time. Whatever is interrupted is begun again, and changes nothing where it was done.
/// </summary>
internal sealed partial class LedgerService(
    NpgsqlDataSource database,
    ChangedMailboxes changes,
    LedgerTable ledger,
    Merges merges,
    Unlinking unlinking,
    PastMail pastMail,
    Outages outages,
    TimeProvider time,
    ILogger<LedgerService> logger) : BackgroundService
{
    // "past mai" in ASCII.
    private const long Lock = 0x70617374206D6169;

    private const string IsThereWork =
        $"exists (select from address_changes where look_at <= now()) or exists (select from address_ledger where is_due) or {MergeTable.IsAnyOpen}";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await outages.OutlastAsync(() => WorkAsync(stoppingToken), stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Without its message, which may hold anything (R8). The change stays, and is looked at again.
                LogFailed(fault.GetType().Name, fault.StackTrace);
                await Task.Delay(TimeSpan.FromSeconds(30), time, stoppingToken);
            }
        }
    }

    /// <summary>Does everything that there is to do now.</summary>
    /// <returns>How many mailboxes were looked at.</returns>
    internal async Task<int> WorkAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var held = await WorkLock.TryTakeAsync(connection, Lock, IsThereWork, stop);
        if (held is null)
        {
            return 0;
        }

        var looked = 0;
        await merges.WorkAsync(stop);
        await pastMail.WriteAsync(after => ledger.ReadDueAsync(after, stop), stop);
        for (var due = await changes.ReadDueAsync(stop); due.Count > 0; due = await changes.ReadDueAsync(stop))
        {
            if (await LookAsync(due.ConvertAll(change => change.Mailbox), stop))
            {
                await changes.EndLookAsync(due, stop);
                looked += due.Count;
            }
            else
            {
                await merges.WorkAsync(stop);
            }
        }

        return looked;
    }

    /// <returns>False, and nothing is done, when contacts are being merged.</returns>
    private async Task<bool> LookAsync(List<string> mailboxes, CancellationToken stop)
    {
        if (await ledger.FindStaleAsync(mailboxes, stop) is not { } stale)
        {
            return false;
        }

        var (unlinked, linked) = (0, 0);
        if (stale.FindAll(address => address.Before is not null) is { Count: > 0 } gone)
        {
            unlinked = await UnlinkAsync(mailboxes, gone, stop);
            await pastMail.WriteAsync(after => ledger.ReadDueAsync(after, stop), stop);
        }

        if (stale.FindAll(address => address.Now is not null) is { Count: > 0 } found)
        {
            linked = await pastMail.WriteAsync(after => ledger.ReadUnlinkedAsync(mailboxes, found, after, stop), stop);
        }

        if (stale.Count > 0)
        {
            LogChanged(stale.Count, linked, unlinked);
        }

        return true;
    }

    private async Task<int> UnlinkAsync(List<string> mailboxes, List<StaleAddress> gone, CancellationToken stop)
    {
        var unlinked = 0;
        foreach (var account in await unlinking.FindAccountsAsync(mailboxes, gone, stop))
        {
            while (await outages.OutlastAsync(() => unlinking.UnlinkAsync(account, mailboxes, gone, stop), stop) is > 0 and var mails)
            {
                unlinked += mails;
            }
        }

        return unlinked;
    }

    [LoggerMessage(360, LogLevel.Information, "{Addresses} addresses lead to somebody else now: {Linked} events are written once more, and {Unlinked} mails were unlinked.")]
    private partial void LogChanged(int addresses, int linked, int unlinked);

    [LoggerMessage(361, LogLevel.Error, "Past mail could not be linked ({Exception}); it is tried again.\n{StackTrace}")]
    private partial void LogFailed(string exception, string? stackTrace);
}
