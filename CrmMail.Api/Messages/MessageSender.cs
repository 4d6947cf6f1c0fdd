using System.Net;
using CrmMail.Api.Accounts;
using CrmMail.Api.EmailEngine;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Messages;

/// <summary>
/// Sends a mail once, however often it is asked to. The request and the Message-ID are stored before EmailEngine is asked, so messageSent
/// finds the row also when it comes first; and EmailEngine knows a repetition by the same key, also while the first is on its way or after
/// its answer was lost.
/// </summary>
internal sealed class MessageSender(EmailEngineClient emailEngine, OutboundStore outbound, AccountStore accounts, Redactor redactor, NpgsqlDataSource database, TimeProvider time)
{
    // EmailEngine forgets keys after a day: from then on a repetition might send the mail a second time.
    private static readonly TimeSpan KeysRememberedFor = TimeSpan.FromHours(23);

    /// <exception cref="ProblemException">The request does not fit what is stored.</exception>
    /// <exception cref="EmailEngineException">EmailEngine cannot take the mail now; the same request may be sent again.</exception>
    public async Task<OutboundAnswer> SendAsync(AccountId account, MessageRequest request, string key, CancellationToken cancellationToken)
    {
        var hash = RequestHash.Of(request);
        var row = await outbound.FindAsync(account, key, cancellationToken);
        if (row?.Answer is { } known && row.RequestHash.AsSpan().SequenceEqual(hash))
        {
            return known;
        }

        var answered = await FindAnsweredAsync(account, request, cancellationToken);
        request = Complete(request, answered);
        row ??= await AddAsync(account, request, answered, key, hash, cancellationToken);
        ThrowIfNotTheSame(row, hash);
        return row.Answer ?? await SubmitAsync(account, request, answered, row, key, cancellationToken);
    }

    private async Task<AnsweredMail?> FindAnsweredAsync(AccountId account, MessageRequest request, CancellationToken cancellationToken)
    {
        if (request.ReplyToActivity is not { } activity)
        {
            return null;
        }

        return await AnsweredMail.FindAsync(database, account, activity, cancellationToken)
            ?? throw new ProblemException(Problem.Invalid("replyToActivity", "The account has no such activity."));
    }

    /// <summary>An answer that says no more than that it is one.</summary>
    private static MessageRequest Complete(MessageRequest request, AnsweredMail? answered)
    {
        if (answered is null)
        {
            return request;
        }

        var hasRecipient = request.To is { Count: > 0 } || request.Cc is { Count: > 0 } || request.Bcc is { Count: > 0 };
        return hasRecipient || answered.ReplyRecipients.Count > 0
            ? request with { To = hasRecipient ? request.To : answered.ReplyRecipients, Subject = string.IsNullOrWhiteSpace(request.Subject) ? answered.ReplySubject : request.Subject }
            : throw new ProblemException(Problem.Invalid("to", "The activity names nobody to answer to."));
    }

    private async Task<OutboundRow> AddAsync(
        AccountId account, MessageRequest request, AnsweredMail? answered, string key, byte[] hash, CancellationToken cancellationToken)
    {
        var sender = await FindSenderAsync(account, cancellationToken);
        return await outbound.AddAsync(account, key, hash, sender.NewMessageId(), OutboundContent.Of(sender, request, answered, redactor), cancellationToken)
            ?? throw new ProblemException(new Problem(ProblemKind.AccountNotFound));
    }

    /// <summary>EmailEngine may have an account of which no event has come yet, or none that told its address.</summary>
    private async Task<Sender> FindSenderAsync(AccountId account, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(account, cancellationToken) is { Email: { } email } known)
        {
            return new Sender(known.Name, email);
        }

        var found = await emailEngine.GetAccountAsync(account, cancellationToken);
        await accounts.AddAsync(account, cancellationToken);
        return new Sender(found.Name ?? "", found.Email ?? "");
    }

    private void ThrowIfNotTheSame(OutboundRow row, byte[] hash)
    {
        if (!row.RequestHash.AsSpan().SequenceEqual(hash))
        {
            throw new ProblemException(new Problem(ProblemKind.IdempotencyKeyReused, "Use a new key for a new mail."));
        }

        if (row.Answer is null && time.GetUtcNow() - row.CreatedAt > KeysRememberedFor)
        {
            throw new ProblemException(new Problem(
                ProblemKind.OutcomeUnknown, "The first request is more than a day old, and its answer was lost. See the timeline; to send the mail again, use a new key."));
        }
    }

    private async Task<OutboundAnswer> SubmitAsync(
        AccountId account, MessageRequest request, AnsweredMail? answered, OutboundRow row, string key, CancellationToken cancellationToken)
    {
        try
        {
            var taken = await SubmitInThreadAsync(account, request, answered, row.MessageId, key, cancellationToken);
            var accepted = new AcceptedMessage(row.MessageId, taken.QueueId, taken.SendAt ?? request.SendAt ?? time.GetUtcNow());

            // The mail is queued: what follows is true also for a caller who has hung up.
            return await outbound.AnswerAsync(account, key, new OutboundAnswer(accepted, null), CancellationToken.None);
        }
        catch (EmailEngineException refused) when (refused.Status == HttpStatusCode.BadRequest)
        {
            var problem = EmailEngineProblems.Of(refused);
            var refusal = new RefusedMessage(problem.Detail, problem.Faults?.ToErrors());
            return await outbound.AnswerAsync(account, key, new OutboundAnswer(null, refusal), cancellationToken);
        }
    }

    /// <summary>Where EmailEngine does not find the answered mail (any more), the headers of the thread are all that an answer needs.</summary>
    private async Task<SubmitAnswer> SubmitInThreadAsync(
        AccountId account, MessageRequest request, AnsweredMail? answered, string messageId, string key, CancellationToken cancellationToken)
    {
        var message = Submission.Of(request, messageId);
        var inThread = message with { Headers = answered?.ThreadHeaders };
        if (answered?.Reference is not { } reference)
        {
            return await emailEngine.SubmitAsync(account, inThread, key, cancellationToken);
        }

        try
        {
            return await emailEngine.SubmitAsync(account, message with { Reference = reference }, key, cancellationToken);
        }
        catch (EmailEngineException moved) when (moved is { Status: HttpStatusCode.NotFound, Error.Code: "ReferenceNotFound" or "MessageNotFound" })
        {
            return await emailEngine.SubmitAsync(account, inThread, key, cancellationToken);
        }
    }
}
