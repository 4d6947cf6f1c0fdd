using System.Net;
using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Api.Reconciliation;

/// <summary>
/// Does one run. After each page it writes where it is, once Kafka has what was missing on it: whoever takes the run up compares that page
/// again, and feeds at most what is on its way through Kafka at that moment, which changes nothing (R2).
/// </summary>
internal sealed class ReconciliationRunner(EmailEngineClient emailEngine, EngineBudget budget, EventFeeds feeds, TimeProvider time)
{
    private static readonly TimeSpan CancelInterval = TimeSpan.FromSeconds(1);

    /// <summary>Compares every folder that is not done; returns early when somebody has cancelled the run.</summary>
    /// <returns>Whether it came to its end.</returns>
    /// <exception cref="EmailEngineException">EmailEngine does not answer, or not for this mailbox.</exception>
    /// <exception cref="Confluent.Kafka.KafkaException">Kafka does not take what is missing.</exception>
    public async Task<bool> RunAsync(Reconciliation run, ReconciliationTable runs, CancellationToken stop)
    {
        if (run.Folders == 0)
        {
            await runs.AddFoldersAsync(run, await ListFoldersAsync(run, stop), stop);
        }

        using var feed = feeds.Open();
        foreach (var folder in await runs.ReadFoldersAsync(run, stop))
        {
            if (!await WalkAsync(run, folder, runs, feed, stop))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where mails of customers lie comes first.</summary>
    private async Task<List<EngineFolder>> ListFoldersAsync(Reconciliation run, CancellationToken stop)
    {
        var folders = await budget.AskAsync(cancel => emailEngine.ListFoldersAsync(AccountId.Parse(run.Account), cancel), stop);
        return [.. folders.Where(folder => !folder.NoSelect).OrderBy(folder => FolderMeanings.Of(folder.SpecialUse) switch
        {
            FolderMeaning.Inbox => 0,
            FolderMeaning.Sent => 1,
            FolderMeaning.Other => 2,
            _ => 3,
        })];
    }

    private async Task<bool> WalkAsync(Reconciliation run, FolderCheckpoint start, ReconciliationTable runs, EventFeed feed, CancellationToken stop)
    {
        var account = AccountId.Parse(run.Account);
        var comparison = new MailComparison(account, FolderMeanings.Of(start.SpecialUse), run.Since);
        var folder = start;
        for (var isDone = false; !isDone;)
        {
            var page = await ListAsync(account, folder, stop);
            var missing = await FindMissingAsync(run, folder, page, comparison, runs, stop);
            if (!run.IsDryRun && !await FeedAsync(run, folder, missing, runs, feed, stop))
            {
                return false;
            }

            (isDone, var cursor) = FolderWalk.After(page, folder.Total, comparison.IsInRange);
            folder = folder with { Cursor = cursor, Total = page.Total };
            if (!await runs.RecordAsync(run, folder, isDone, page.Messages.Count(comparison.IsInRange), missing, stop))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A folder that went away meanwhile is empty; where a cursor is not taken any more, the folder is read from its beginning.</summary>
    private async Task<EngineMessagePage> ListAsync(AccountId account, FolderCheckpoint folder, CancellationToken stop)
    {
        try
        {
            return await budget.AskAsync(cancel => emailEngine.ListMessagesAsync(account, folder.Path, folder.Cursor, FolderWalk.PageSize, cancel), stop);
        }
        catch (EmailEngineException gone) when (gone is { Status: HttpStatusCode.NotFound, IsUnknownAccount: false })
        {
            return new EngineMessagePage(0, null, null, []);
        }
        catch (EmailEngineException refused) when (refused.Status == HttpStatusCode.BadRequest && folder.Cursor is not null)
        {
            return await ListAsync(account, folder with { Cursor = null }, stop);
        }
    }

    private static async Task<List<(EngineMessage Mail, EventId EventId)>> FindMissingAsync(
        Reconciliation run, FolderCheckpoint folder, EngineMessagePage page, MailComparison comparison, ReconciliationTable runs, CancellationToken stop)
    {
        var mails = page.Messages.Where(comparison.IsInRange).Select(mail => (Mail: mail, Keys: comparison.KeysOf(mail))).ToList();
        var (known, skipped) = await runs.FindTracesAsync(run, mails.SelectMany(mail => mail.Keys), stop);
        return
        [
            .. mails
                .Where(mail => comparison.IsMissing(mail.Mail, mail.Keys, known, skipped))
                .Select(mail => (mail.Mail, MissingMailEvent.IdOf(mail.Keys[0], folder.Path))),
        ];
    }

    /// <summary>Puts the mails into Kafka, oldest first as they came, and leaves out those that went away meanwhile.</summary>
    /// <returns>False when somebody has cancelled the run.</returns>
    private async Task<bool> FeedAsync(
        Reconciliation run, FolderCheckpoint folder, List<(EngineMessage Mail, EventId EventId)> missing, ReconciliationTable runs, EventFeed feed, CancellationToken stop)
    {
        var asked = time.GetTimestamp();
        for (var n = missing.Count - 1; n >= 0; n--)
        {
            if (time.GetElapsedTime(asked) > CancelInterval)
            {
                if (!await runs.IsWantedAsync(run, stop))
                {
                    await feed.FlushAsync(stop);
                    return false;
                }

                asked = time.GetTimestamp();
            }

            if (!await FeedAsync(run, folder, missing[n], runs, feed, stop))
            {
                missing.RemoveAt(n);
            }
        }

        await feed.FlushAsync(stop);
        return true;
    }

    private async Task<bool> FeedAsync(
        Reconciliation run, FolderCheckpoint folder, (EngineMessage Mail, EventId EventId) missing, ReconciliationTable runs, EventFeed feed, CancellationToken stop)
    {
        var account = AccountId.Parse(run.Account);
        using var mail = await budget.AskAsync(cancel => emailEngine.FindMessageAsync(account, missing.Mail.Id, MissingMailEvent.MaxTextBytes, cancel), stop);
        if (mail is null)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var body = MissingMailEvent.BodyOf(account, folder.Path, folder.SpecialUse, mail.RootElement, now);
        SpilledBody? spilled = null;
        if (body.Length > MailTopics.MaxBodyBytes)
        {
            spilled = SpilledBody.Of(body);
            await runs.SpillAsync(spilled, body, stop);
            body = [];
        }

        feed.Put(account, missing.EventId, body, spilled, now);
        return true;
    }
}
