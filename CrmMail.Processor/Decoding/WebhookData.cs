using CrmMail.Processor.Filtering;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// A webhook as far as anybody here reads it, of whatever source and event: every member may be missing. The meaning of one event is
/// <see cref="EventContent"/>.
/// </summary>
internal sealed class WebhookData
{
    public string? Account { get; set; }

    public string? Event { get; set; }

    /// <summary>When EmailEngine noticed.</summary>
    public string? EventDate { get; set; }

    /// <summary>False when there is no object called <c>data</c>.</summary>
    public bool HasData { get; set; }

    public string? Id { get; set; }

    public string? Path { get; set; }

    public string? SpecialUse { get; set; }

    public string? MessageSpecialUse { get; set; }

    public List<string> Labels { get; } = [];

    public bool IsDraft { get; set; }

    public string? MessageId { get; set; }

    public string? OriginalMessageId { get; set; }

    public string? EmailId { get; set; }

    /// <summary>The Date header of the mail.</summary>
    public string? MailDate { get; set; }

    public string? Subject { get; set; }

    public Participants Participants { get; } = new();

    public List<Mailbox> Sender { get; } = [];

    public string? InReplyTo { get; set; }

    public string? References { get; set; }

    /// <summary>The From headers as the sender wrote them: <c>from</c> is only the first author, as far as the mail server could read it.</summary>
    public List<string> FromHeaders { get; } = [];

    public bool HasListHeader { get; set; }

    public string? OriginalFrom { get; set; }

    public bool IsAutoReply { get; set; }

    public bool IsBounce { get; set; }

    public bool IsSpam { get; set; }

    /// <summary>What the check of SPF gave.</summary>
    public string? Spf { get; set; }

    /// <summary>What the check of DKIM gave.</summary>
    public string? Dkim { get; set; }

    public AttachedFiles Attachments { get; set; } = AttachedFiles.None;

    /// <summary>What headers and attachments tell the filters.</summary>
    public MailSigns Signs { get; set; }

    /// <summary>The first words of the plain text; empty where that says nothing.</summary>
    public string? PlainOpening { get; set; }

    public string? Html { get; set; }

    public string? QueueId { get; set; }

    /// <summary>What the server said: a string, or an object with a <c>message</c>.</summary>
    public string? Response { get; set; }

    public string? Error { get; set; }

    public string? Recipient { get; set; }

    /// <summary>What a delivery report tells of (RFC 3464, 2.3.3): <c>failed</c>, <c>delayed</c>, <c>delivered</c>, <c>relayed</c> or <c>expanded</c>.</summary>
    public string? Action { get; set; }

    public List<Mailbox> EnvelopeFrom { get; } = [];

    /// <summary>The recipients of <c>envelope.to</c>, which includes those of Bcc.</summary>
    public List<Mailbox> EnvelopeTo { get; } = [];

    /// <summary>The login of <c>authenticationSuccess</c>, an address as a rule.</summary>
    public string? User { get; set; }
}
