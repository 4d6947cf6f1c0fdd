using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Matching;

/// <summary>A row of <c>outbound_messages</c>: the content of a mail that was sent through the Api.</summary>
internal sealed class OutboundMail(string subject, string snippet, Participants participants, string? inReplyTo)
{
    private Dictionary<EmailAddress, ParticipantRole>? _roles;

    public string Subject { get; } = subject;

    public string Snippet { get; } = snippet;

    public Participants Participants { get; } = participants;

    public string? InReplyTo { get; } = inReplyTo;

    /// <summary>The header in which the address stands, which the envelope of messageSent does not tell; null when it stands in none.</summary>
    public ParticipantRole? RoleOf(EmailAddress address)
    {
        _roles ??= Roles();
        return _roles.TryGetValue(address, out var role) ? role : null;
    }

    private Dictionary<EmailAddress, ParticipantRole> Roles()
    {
        var roles = new Dictionary<EmailAddress, ParticipantRole>();
        Add(roles, Participants.To, ParticipantRole.To);
        Add(roles, Participants.Cc, ParticipantRole.Cc);
        Add(roles, Participants.Bcc, ParticipantRole.Bcc);
        return roles;
    }

    private static void Add(Dictionary<EmailAddress, ParticipantRole> roles, List<Mailbox> mailboxes, ParticipantRole role)
    {
        foreach (var mailbox in mailboxes)
        {
            if (EmailAddress.TryParse(mailbox.Address, out var address))
            {
                roles.TryAdd(address, role);
            }
        }
    }
}
