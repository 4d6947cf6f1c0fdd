using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Privacy;

namespace CrmMail.Processor.Writing;

/// <summary>One activity as it is stored, or as it will be, and what the events of a batch change about it.</summary>
internal sealed class Mail
{
    private readonly string? _storedJson;
    private readonly Lazy<Participants>? _storedParticipants;

    /// <summary>A mail that has an activity.</summary>
    public Mail(long id, string accountId, MessageKey mailKey, Direction direction, string source, string eventId, DateTime occurredAt, string? participants)
    {
        Id = id;
        AccountId = accountId;
        MailKey = mailKey;
        Direction = direction;
        Source = source;
        EventId = eventId;
        OccurredAt = occurredAt;
        _storedJson = participants;
        _storedParticipants = participants is null ? null : new Lazy<Participants>(() => Participants.FromJson(participants));
    }

    /// <summary>A mail that gets its activity now.</summary>
    public Mail(long id, BatchItem origin, MessageKey mailKey, string? messageId, Direction direction, MailContent content, DateTime occurredAt)
        : this(id, origin.Event.Account.Value, mailKey, direction, origin.Record.Headers.Source.ToText(), origin.Record.Headers.EventId.Value, occurredAt, null)
    {
        Origin = origin;
        MessageId = messageId;
        NewContent = content;
    }

    public long Id { get; }

    public string AccountId { get; }

    public MessageKey MailKey { get; }

    public Direction Direction { get; }

    public string Source { get; }

    public string EventId { get; }

    /// <summary>Its place on the timeline: the earliest time that any event tells of it.</summary>
    public DateTime OccurredAt { get; private set; }

    /// <summary>The event that made it; null when it is stored already.</summary>
    public BatchItem? Origin { get; }

    public string? MessageId { get; private set; }

    public FolderState? Folder { get; private set; }

    public DeliveryReport? Delivery { get; private set; }

    public LinkSet Links { get; } = new();

    public TagSet Tags { get; } = new();

    /// <summary>Whether a person was erased from it: nobody is named in it any more who is not named yet.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>Keys that are not stored yet.</summary>
    public List<MessageKey> NewKeys { get; } = [];

    /// <summary>The content, where it is to be written.</summary>
    public MailContent? NewContent { get; private set; }

    /// <summary>The participants of a stored mail, where nothing but they changed.</summary>
    public Participants? NewParticipants { get; private set; }

    public bool IsPlaceChanged { get; private set; }

    public bool IsFolderChanged { get; private set; }

    public bool IsDeliveryChanged { get; private set; }

    /// <summary>Whether it has brought conversations together that were apart.</summary>
    public bool IsThreadChanged { get; private set; }

    /// <summary>Whether it belongs to another deal or company than before the batch.</summary>
    public bool IsRouteChanged { get; set; }

    /// <summary>Whether its body is another one than before the batch.</summary>
    public bool IsBodyChanged { get; set; }

    public bool IsNew => Origin is not null;

    /// <summary>Whether the mail itself was seen in a folder, which tells all of its content; not so while only messageSent has told of it.</summary>
    public bool HasCopy => Folder is not null;

    /// <summary>Whether this event made it, now or when it was delivered before.</summary>
    public bool IsMadeBy(BatchItem item) =>
        EventId == item.Record.Headers.EventId.Value && Source == item.Record.Headers.Source.ToText();

    public void SetStored(FolderState? folder, DeliveryReport? delivery)
    {
        Folder = folder;
        Delivery = delivery;
    }

    /// <summary>An event tells when the mail was written or sent. The earliest time counts, so the order of the events does not.</summary>
    public void Occurred(DateTime at)
    {
        if (at < OccurredAt)
        {
            OccurredAt = at;
            IsPlaceChanged = true;
        }
    }

    public void Move(FolderState folder)
    {
        if (folder.Supersedes(Folder))
        {
            Folder = folder;
            IsFolderChanged = true;
        }
    }

    public void Report(DeliveryReport report)
    {
        if (report.Supersedes(Delivery))
        {
            Delivery = report;
            IsDeliveryChanged = true;
        }
    }

    /// <summary>What it names belongs to its conversation from now on.</summary>
    public void ChangeThread() => IsThreadChanged = true;

    /// <summary>The copy in the Sent folder tells what messageSent did not. Recipients that only messageSent knew stay.</summary>
    public void Complete(SeenMail copy, ContentRules rules)
    {
        var content = MailContent.Of(copy, rules);
        if (IsRedacted && Recipients is { } left)
        {
            content = content with { Participants = left };
        }
        else if (Recipients is { } known)
        {
            content.Participants.AddMissingRecipients([.. known.To, .. known.Cc, .. known.Bcc]);
        }

        MessageId ??= copy.Identity.MessageId;
        NewContent = content;
        NewParticipants = null;
    }

    /// <summary>messageSent knows recipients that the copy in the Sent folder may not show (Bcc).</summary>
    public void AddRecipients(List<Mailbox> envelope)
    {
        if (!IsRedacted && Recipients is { } known && known.AddMissingRecipients(envelope) && NewContent is null)
        {
            NewParticipants = known;
        }
    }

    /// <summary>Takes people out of what is to be written, and the words of a mail server that name one of them.</summary>
    public void Forget(HashSet<EmailAddress> people, bool isNamedInDelivery)
    {
        NewContent?.Participants.Remove(people);
        NewParticipants?.Remove(people);
        if (NewParticipants?.ToJson() == (_storedJson is null ? null : Participants.FromJson(_storedJson).ToJson()))
        {
            NewParticipants = null;
        }

        if (isNamedInDelivery)
        {
            Delivery = Delivery! with { Detail = null };
        }
    }

    private Participants? Recipients => NewContent?.Participants ?? _storedParticipants?.Value;
}
