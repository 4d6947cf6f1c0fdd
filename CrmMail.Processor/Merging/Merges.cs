using CrmMail.Processor.Batches;
using CrmMail.Processor.Ledger;

namespace CrmMail.Processor.Merging;

/// <summary>
/// Does what the Api has begun: moves the mails of merged contacts, and gives them back where the merge is undone. In the order in which it was
/// decided, by the one Processor that looks after past mail. Whatever is interrupted is begun again, and changes nothing where it was done.
/// </summary>
internal sealed partial class Merges(MergeTable merges, MailPages pages, LinkMove move, LinkReturn back, MailRoutes routes, LedgerTable ledger, Outages outages, ILogger<Merges> logger)
{
    /// <summary>Does everything that there is to do now.</summary>
    /// <returns>How many merges there were.</returns>
    public async Task<int> WorkAsync(CancellationToken stop)
    {
        var count = 0;
        for (; await outages.OutlastAsync(() => merges.FindNextAsync(stop), stop) is { } merge; count++)
        {
            if (merge.IsUndone)
            {
                await UndoAsync(merge, stop);
            }
            else
            {
                await MergeAsync(merge, stop);
            }
        }

        return count;
    }

    private async Task MergeAsync(ContactMerge merge, CancellationToken stop)
    {
        LogBegun(merge.Id);
        var links = 0;
        do
        {
            links += await WalkAsync(merge.Contact, page => move.MoveAsync(merge, page, stop), stop);
            await MoveLedgerAsync(merge, stop);
            if (merge.HasDeals)
            {
                await RouteAsync(merge.Into, stop);
            }
        }
        while (!await outages.OutlastAsync(() => merges.TryEndAsync(merge, stop), stop));
        LogMerged(merge.Id, links);
    }

    private async Task MoveLedgerAsync(ContactMerge merge, CancellationToken stop)
    {
        foreach (var account in await outages.OutlastAsync(() => move.FindAccountsOfLedgerAsync(merge, stop), stop))
        {
            while (await outages.OutlastAsync(() => move.MoveLedgerAsync(merge, account, stop), stop) > 0)
            {
            }
        }
    }

    private async Task UndoAsync(ContactMerge merge, CancellationToken stop)
    {
        LogBegun(merge.Id);
        var stale = await outages.OutlastAsync(() => ledger.FindStaleInMergeAsync(merge.Mailboxes, stop), stop);
        var addresses = stale.FindAll(address => address.Before == merge.Into && address.Now == merge.Contact).ConvertAll(address => address.Address);
        for (long? last = 0; last is { } after;)
        {
            last = await outages.OutlastAsync(() => back.ReturnAsync(merge, addresses, after, stop), stop);
        }

        if (merge.HasDeals)
        {
            await RouteAsync(merge.Contact, stop);
            await RouteAsync(merge.Into, stop);
        }

        await outages.OutlastAsync(() => merges.EndUndoAsync(merge, stop), stop);
        LogUndone(merge.Id);
    }

    private Task<int> RouteAsync(Guid contact, CancellationToken stop) => WalkAsync(contact, page => routes.RouteAsync(page, stop), stop);

    private async Task<int> WalkAsync(Guid contact, Func<MailPage, Task<int>> visit, CancellationToken stop)
    {
        var count = 0;
        for (var after = MailPages.Start; await outages.OutlastAsync(() => pages.FindNextAsync(contact, after, stop), stop) is { } page; after = page.Last)
        {
            count += await outages.OutlastAsync(() => visit(page), stop);
        }

        return count;
    }

    [LoggerMessage(385, LogLevel.Information, "The merge {Merge} begins, or goes on.")]
    private partial void LogBegun(Guid merge);

    [LoggerMessage(386, LogLevel.Information, "The merge {Merge} has moved {Links} links.")]
    private partial void LogMerged(Guid merge, int links);

    [LoggerMessage(387, LogLevel.Information, "The merge {Merge} is undone.")]
    private partial void LogUndone(Guid merge);
}
