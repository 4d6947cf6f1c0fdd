using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Privacy;
using CrmMail.Processor.Threading;

namespace CrmMail.Processor.Writing;

/// <summary>
/// What the database knows of the mails and accounts of a batch, and what the events of the batch make of it. The accounts are locked
/// while the book is open, so whatever is decided here is still true when it is written. Nothing here touches the database, and the
/// order of the events changes nothing but who was first.
/// </summary>
internal sealed class MailBook(int maxLinkedContacts, Redactor redactor)
{
    private readonly Dictionary<(string AccountId, MessageKey Key), Mail> _mails = [];
    private readonly Dictionary<MessageKey, MessageKey> _mailKeys = [];
    private readonly Dictionary<(string AccountId, MessageKey Key), DeliveryReport> _reports = [];
    private readonly Dictionary<string, AccountRow> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Mail> _mailsById = [];

    public IReadOnlyCollection<AccountRow> Accounts => _accounts.Values;

    public IReadOnlyCollection<Mail> Mails => _mailsById.Values;

    public SkipBook Skips { get; } = new();

    public ThreadBook Threads { get; } = new();

    public LedgerBook Ledger { get; } = new();

    public PolicyContactBook PolicyContacts { get; } = new();

    /// <summary>The events that tell bodies; null while no account of the batch keeps any.</summary>
    public BodyBook? Bodies { get; private set; }

    /// <summary>Delivery reports to be written.</summary>
    public Dictionary<(string AccountId, MessageKey Key), DeliveryReport> NewReports { get; } = [];

    /// <summary>Whether anybody was ever erased: people of a mail that is written may be among them.</summary>
    public bool HasErasures { get; set; }

    /// <summary>Ids for new activities.</summary>
    public Queue<long> FreeIds { get; } = new();

    /// <summary>Skips of events that were received earlier are forgotten, if they ever were recorded: they are neither recorded nor counted again.</summary>
    public DateTime SkipsKeptSince { get; init; } = DateTime.MinValue;

    /// <summary>How many links were left out because a mail has more contacts than are linked.</summary>
    public int LinksLeftOut { get; private set; }

    public void AddAccount(AccountRow account) => _accounts[account.Id] = account;

    /// <summary>How much is stored of the mails of an account in the book.</summary>
    public void SetStorageLevel(string accountId, StorageLevel level)
    {
        _accounts[accountId].StorageLevel = level;
        if (level == StorageLevel.Body)
        {
            Bodies ??= new BodyBook();
        }
    }

    /// <summary>Whether the body of a mail in the book is stored.</summary>
    public bool KeepsBodyOf(Mail mail) => _accounts.TryGetValue(mail.AccountId, out var account) && account.StorageLevel == StorageLevel.Body;

    public Mail? StoredMail(long id) => _mailsById.GetValueOrDefault(id);

    public void AddStored(Mail mail) => _mailsById[mail.Id] = mail;

    public void AddStoredKey(string accountId, MessageKey key, Mail mail)
    {
        _mails[(accountId, key)] = mail;
        _mailKeys.TryAdd(key, mail.MailKey);
    }

    /// <summary>A key under which another account has the mail.</summary>
    public void AddForeignKey(MessageKey key, MessageKey mailKey) => _mailKeys.TryAdd(key, mailKey);

    public void AddStoredReport(string accountId, MessageKey key, DeliveryReport report) => _reports[(accountId, key)] = report;

    /// <summary>Applies one event; the result is final once the transaction is committed.</summary>
    public Outcome Apply(BatchItem item)
    {
        var account = _accounts[item.Event.Account.Value];
        var receivedAt = MailDates.Whole(item.Record.Headers.ReceivedAt.UtcDateTime);
        if (account.IsForgotten(receivedAt))
        {
            return Skip(account, item, SkipReason.AccountDeleted);
        }

        account.Heard(item.Record.Headers.Source, receivedAt);
        Ledger.Add(item);
        PolicyContacts.Add(item);
        var (mail, skip) = item.Event.Content switch
        {
            SeenMail seen => See(item, seen),
            DeliveredMail delivered => Deliver(item, delivered),
            FailedDelivery failed => (null, Fail(item, failed)),
            AccountChange change => (null, Change(account, item, change)),
            UntrackedEvent untracked => (null, untracked.Reason),
            _ => throw new InvalidOperationException($"No rule for {item.Event.Content.GetType().Name}."),
        };

        if (mail is not null)
        {
            Threads.Add(item, mail);
        }

        return mail is not null && mail.IsMadeBy(item) ? Keep(account, item, mail) : Skip(account, item, skip);
    }

    private Outcome Keep(AccountRow account, BatchItem item, Mail mail)
    {
        if (Skips.Remove(item))
        {
            account.CountSkipped(-1);
        }

        var isFirst = mail.Origin == item;
        if (isFirst)
        {
            account.CountActivity(mail.Direction);
        }

        return new Outcome(null, IsRepeated: !isFirst);
    }

    private Outcome Skip(AccountRow account, BatchItem item, SkipReason reason)
    {
        if (item.Record.Headers.ReceivedAt.UtcDateTime < SkipsKeptSince && !Skips.IsRecorded(item))
        {
            return new Outcome(reason, IsRepeated: true);
        }

        var isRepeated = Skips.Record(item, reason);
        if (!isRepeated)
        {
            account.CountSkipped(1);
        }

        return new Outcome(reason, isRepeated);
    }

    private SkipReason Change(AccountRow account, BatchItem item, AccountChange change)
    {
        account.Change(item, change with { Error = Redacted(change.Error) });
        return SkipReason.AccountEvent;
    }

    /// <summary>messageNew: makes the activity, or completes it, or tells where the mail is now.</summary>
    private (Mail? Mail, SkipReason Skip) See(BatchItem item, SeenMail seen)
    {
        var known = Find(item, seen.Identity);

        // It tells nothing of the mail, whether it comes first or later; what it has made before stays, for a rebuild to remove.
        if (item is { FolderSkip: null, Filter.Skip: { } filtered })
        {
            return (known, filtered);
        }

        if (known is not null)
        {
            if (item.FolderSkip is not SkipReason.Drafts)
            {
                Learn(known, seen.Identity);
                SeeAgain(item, seen, known);
            }

            return (known, item.FolderSkip ?? SkipReason.KnownMail);
        }

        if (item.FolderSkip is { } skip)
        {
            return (null, skip);
        }

        var match = item.Match!;
        if (match.Links.Count == 0)
        {
            return (null, match.WithoutLinks);
        }

        var mail = Create(item, seen.Identity, match, MailContent.Of(seen, RulesOf(item)), seen.OccurredAt);
        Tag(mail, item);
        TellBody(mail, item);
        mail.Move(FolderOf(item, seen));
        return (mail, default);
    }

    private void SeeAgain(BatchItem item, SeenMail seen, Mail known)
    {
        if (item.Match is { } match && match.Direction == known.Direction)
        {
            if (!known.HasCopy)
            {
                known.Complete(seen, RulesOf(item));
                known.Links.RemoveGuesses(match.Links);
            }

            LinksLeftOut += known.Links.AddNamed(match.Links, maxLinkedContacts);
            Place(known, match, seen.OccurredAt);
            if (match.Links.Count > 0)
            {
                Tag(known, item);
                TellBody(known, item);
            }

            ReportSent(known, item, seen);
            known.Move(FolderOf(item, seen));
        }
        else if (item.FolderSkip is not null && known.HasCopy)
        {
            known.Move(FolderOf(item, seen));
        }
    }

    /// <summary>messageSent: makes the activity where the Sent copy did not, and tells that and to whom the mail went.</summary>
    private (Mail? Mail, SkipReason Skip) Deliver(BatchItem item, DeliveredMail delivered)
    {
        if (delivered.Identity.IsEmpty)
        {
            return (null, SkipReason.NoMessageId);
        }

        var mail = Find(item, delivered.Identity);
        var report = new DeliveryReport(SentStatus.Sent, Redacted(delivered.Response), item.Event.At);
        if (item.Filter.Skip is { } filtered)
        {
            Report(item, delivered.Identity, report);
            return (mail, filtered);
        }

        var match = item.Match!;
        if (mail is null && match.Links.Count > 0)
        {
            mail = Create(item, delivered.Identity, match, MailContent.Of(delivered, match.Outbound, RulesOf(item)), item.Event.At);
        }
        else if (mail is { Direction: Direction.Sent })
        {
            Learn(mail, delivered.Identity);
            mail.AddRecipients(delivered.Recipients);
            Place(mail, match, item.Event.At);
            LinksLeftOut += mail.Links.AddUnnamed(match.Links, maxLinkedContacts);
        }

        Report(item, delivered.Identity, report);
        return (mail, mail is null ? match.WithoutLinks : SkipReason.DeliveryReport);
    }

    private SkipReason Fail(BatchItem item, FailedDelivery failed)
    {
        if (failed.Identity.IsEmpty)
        {
            return SkipReason.NoMessageId;
        }

        Report(item, failed.Identity, new DeliveryReport(failed.Status, Redacted(failed.Detail), item.Event.At));
        return SkipReason.DeliveryReport;
    }

    /// <summary>Keeps the report under every key, for the mail may come later and by another key, and marks the mail if it is there.</summary>
    private void Report(BatchItem item, MailIdentity identity, DeliveryReport report)
    {
        foreach (var key in identity.Keys)
        {
            var place = (item.Event.Account.Value, key);
            var mail = _mails.GetValueOrDefault(place);

            // What a server says of a mail names its recipients.
            var told = mail is { IsRedacted: true } ? report with { Detail = null } : report;
            if (told.Supersedes(_reports.GetValueOrDefault(place)))
            {
                _reports[place] = told;
                NewReports[place] = told;
            }

            if (mail is { Direction: Direction.Sent })
            {
                mail.Report(told);
            }
        }
    }

    private Mail Create(BatchItem item, MailIdentity identity, MailMatch match, MailContent content, DateTime occurredAt)
    {
        var mail = new Mail(FreeIds.Dequeue(), item, MailKeyOf(identity), identity.MessageId, match.Direction, content, occurredAt);
        AddStored(mail);
        Learn(mail, identity);
        LinksLeftOut += mail.Links.AddNamed(match.Links, maxLinkedContacts);
        if (item.Event.Content is SeenMail seen)
        {
            ReportSent(mail, item, seen);
        }

        return mail;
    }

    /// <summary>An event that names no contact is forgotten when it comes first, so it does not tell the place of the mail when it comes later.</summary>
    private static void Place(Mail mail, MailMatch match, DateTime occurredAt)
    {
        if (match.Links.Count > 0)
        {
            mail.Occurred(occurredAt);
        }
    }

    /// <summary>As with the place: an event that names no contact tells no tags.</summary>
    private static void Tag(Mail mail, BatchItem item)
    {
        if (!item.Filter.Tags.IsEmpty)
        {
            mail.Tags.Add(item.Filter.Tags, FilterTable.Embedded.NamesOf(item.Filter.Rules));
        }
    }

    private void TellBody(Mail mail, BatchItem item)
    {
        if (Bodies is not null && KeepsBodyOf(mail))
        {
            Bodies.Add(mail, item);
        }
    }

    /// <summary>A mail in the Sent folder was sent, whether or not messageSent ever comes; when it does, it knows more.</summary>
    private static void ReportSent(Mail mail, BatchItem item, SeenMail seen)
    {
        if (mail.Direction == Direction.Sent)
        {
            var at = seen.OccurredAt < item.Event.At ? seen.OccurredAt : item.Event.At;
            mail.Report(new DeliveryReport(SentStatus.Sent, null, at));
        }
    }

    /// <summary>Makes the mail known by all keys of the event, and takes over what was reported under the new ones.</summary>
    private void Learn(Mail mail, MailIdentity identity)
    {
        foreach (var key in identity.Keys)
        {
            if (!_mails.TryAdd((mail.AccountId, key), mail))
            {
                continue;
            }

            mail.NewKeys.Add(key);
            _mailKeys.TryAdd(key, mail.MailKey);
            if (mail.Direction == Direction.Sent && _reports.TryGetValue((mail.AccountId, key), out var report))
            {
                mail.Report(report);
            }
        }
    }

    private Mail? Find(BatchItem item, MailIdentity identity)
    {
        foreach (var key in identity.Keys)
        {
            if (_mails.TryGetValue((item.Event.Account.Value, key), out var mail))
            {
                return mail;
            }
        }

        return null;
    }

    /// <summary>The key that other accounts have given the mail, so that a timeline shows it once; else its own best one.</summary>
    private MessageKey MailKeyOf(MailIdentity identity)
    {
        foreach (var key in identity.Keys)
        {
            if (_mailKeys.TryGetValue(key, out var mailKey))
            {
                return mailKey;
            }
        }

        return identity.Keys[0];
    }

    private ContentRules RulesOf(BatchItem item) => new(redactor, _accounts[item.Event.Account.Value].StorageLevel);

    private string? Redacted(string? said) => said is null ? null : redactor.Redact(said);

    private static FolderState FolderOf(BatchItem item, SeenMail seen) =>
        new(seen.Folder.RemoteId, seen.Folder.Path, seen.Folder.SpecialUse, item.Event.At);
}
