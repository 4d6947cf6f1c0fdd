using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Control;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Messages;
using EmailEngineSimulator.Time;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Outbox;

/// <summary>Delivers queued mails when they are due, and does what follows: events, the Sent copy, arrival in other simulated mailboxes.</summary>
internal sealed class Delivery(
    OutboxQueue outbox,
    AccountDirectory directory,
    MailboxActions mailboxes,
    Announcer announcer,
    Switches switches,
    DelayedWork delayed,
    Pace pace,
    TimeProvider time)
{
    public void Schedule(QueuedMail queued) => delayed.After(queued.Scheduled - time.GetUtcNow(), () => Attempt(queued));

    private void Attempt(QueuedMail queued)
    {
        if (directory.Find(queued.Account) is not { } account || outbox.Find(queued.QueueId) != queued)
        {
            return;
        }

        Mail? sent = null;
        lock (account.Gate)
        {
            queued.AttemptsMade++;
            if (SmtpServer.Problem(account, queued) is { } problem)
            {
                Fail(account, queued, problem);
            }
            else
            {
                sent = Succeed(account, queued);
            }
        }

        // Outside the gate: a recipient's account has its own, and two accounts may write to each other.
        if (sent is not null)
        {
            Arrive(queued.Envelope, sent);
        }
    }

    private Mail Succeed(Account account, QueuedMail queued)
    {
        outbox.Remove(queued.QueueId);
        var sent = switches.RewriteMessageIds ? queued.Mail with { MessageId = $"<{Guid.NewGuid():n}@mail.example.net>" } : queued.Mail;
        var original = sent == queued.Mail ? null : queued.Mail.MessageId;
        announcer.Announce(account.Id, Events.MessageSent, new MessageSent(sent.MessageId!, original, "250 queued", queued.QueueId, queued.Envelope));
        if (queued.Reference is { } handle && account.FindFolder(handle.Folder)?.Find(handle.Uid) is { } answered)
        {
            mailboxes.ChangeFlags(account, answered, queued.IsForward ? ["\\Answered", "$Forwarded"] : ["\\Answered"], []);
        }

        if (queued.KeepCopy)
        {
            delayed.After(pace.SentCopy, () => KeepCopy(account, queued, sent));
        }

        return sent;
    }

    private void KeepCopy(Account account, QueuedMail queued, Mail sent)
    {
        lock (account.Gate)
        {
            var path = queued.SentMailPath ?? account.FindSpecial(SpecialUse.Sent)?.Path;
            if (path is not null && directory.Find(account.Id) == account)
            {
                mailboxes.Add(account, path, sent, ["\\Seen"], new ProviderIds(), announcements: (int)switches.SentCopy);
            }
        }
    }

    private void Arrive(Envelope envelope, Mail sent)
    {
        foreach (var recipient in envelope.To.SelectMany(directory.FindByAddress))
        {
            lock (recipient.Gate)
            {
                mailboxes.Add(recipient, "INBOX", sent with { Bcc = [] }, [], new ProviderIds());
            }
        }
    }

    private void Fail(Account account, QueuedMail queued, SmtpProblem problem)
    {
        var isLast = queued.AttemptsMade >= queued.Attempts;
        var retryAt = time.GetUtcNow() + pace.NominalRetry(queued.AttemptsMade);
        queued.LastProblem = problem;
        queued.NextAttempt = isLast ? null : retryAt;

        // EmailEngine counts the attempts before this one.
        var job = new DeliveryJob(queued.QueueId, queued.AttemptsMade - 1, queued.Attempts, queued.NextAttempt);
        announcer.Announce(account.Id, Events.MessageDeliveryError, new DeliveryError(
            queued.QueueId, queued.Envelope, queued.Mail.MessageId!, problem.Message, problem.Code,
            problem.Response, problem.ResponseCode, problem.Command, null, job));
        if (problem.IsPermanent || isLast)
        {
            outbox.Remove(queued.QueueId);
            announcer.Announce(account.Id, Events.MessageFailed, new DeliveryFailed(queued.Mail.MessageId!, queued.QueueId, $"Error: {problem.Message}"));
        }
        else
        {
            delayed.After(pace.Retry(queued.AttemptsMade), () => Attempt(queued));
        }
    }
}
