using CrmMail.Api.EmailEngine;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Messages;

/// <summary>The mails of one account in EmailEngine's outbox, which holds those of all accounts.</summary>
internal sealed class Outbox(EmailEngineClient emailEngine, OutboundStore outbound)
{
    private const string List = "outbox";
    private const int EnginePageSize = 250;
    private const int MaxQueueIdLength = 100;

    /// <summary>A page. What comes or goes while somebody turns pages may be shown twice or not at all.</summary>
    public async Task<Page<QueuedMessage>> ListAsync(AccountId account, PageQuery query, CancellationToken cancellationToken)
    {
        var size = query.Size;
        var (page, skipped) = query.Position<Position>(List) ?? new Position(0, 0);
        if (page < 0 || skipped < 0)
        {
            throw PageQuery.NoSuchCursor();
        }

        var found = new List<QueuedMessage>();
        for (; ; page++, skipped = 0)
        {
            var entries = await emailEngine.ListQueuedAsync(page, EnginePageSize, cancellationToken);
            for (var at = skipped; at < entries.Messages.Count; at++)
            {
                if (entries.Messages[at].Account != account.Value)
                {
                    continue;
                }

                if (found.Count == size)
                {
                    return new Page<QueuedMessage>(found, Cursor.Encode(List, new Position(page, at)));
                }

                found.Add(QueuedMessage.Of(entries.Messages[at]));
            }

            if (page + 1 >= entries.Pages)
            {
                return new Page<QueuedMessage>(found, null);
            }
        }
    }

    /// <summary>A mail; null when the account has none with this id, or it was sent.</summary>
    public async Task<QueuedMessage?> FindAsync(AccountId account, string queueId, CancellationToken cancellationToken)
    {
        var isId = queueId.Length <= MaxQueueIdLength && queueId.All(char.IsAsciiLetterOrDigit);
        return isId && await emailEngine.FindQueuedAsync(queueId, cancellationToken) is { } queued && queued.Account == account.Value ? QueuedMessage.Of(queued) : null;
    }

    /// <summary>Takes a mail out of the outbox.</summary>
    /// <returns>Null when it is done, else why not.</returns>
    public async Task<Problem?> CancelAsync(AccountId account, string queueId, CancellationToken cancellationToken)
    {
        if (await FindAsync(account, queueId, cancellationToken) is null)
        {
            return new Problem(ProblemKind.NotFound, "The account has no such mail in the outbox: it was sent, or taken back.");
        }

        if (!await emailEngine.DeleteQueuedAsync(queueId, cancellationToken))
        {
            return new Problem(ProblemKind.BeingDelivered, "It is too late to take it back.");
        }

        await outbound.CancelAsync(account, queueId, cancellationToken);
        return null;
    }

    private sealed record Position(int Page, int Skipped);
}
