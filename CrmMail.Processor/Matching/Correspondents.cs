using CrmMail.Contracts;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Matching;

/// <summary>An address that is looked up, the header in which it stands, and the name with it.</summary>
internal readonly record struct Correspondent(EmailAddress Address, ParticipantRole Role, string Name);

/// <summary>
/// Whom a mail is looked up by. Incoming: who wrote it, and where a mailing list has rewritten From, who wrote it by Reply-To and
/// X-Original-From. Sent: everybody to whom it went.
/// </summary>
internal sealed class Correspondents
{
    public List<Correspondent> Authors { get; } = [];

    public List<Correspondent> Recipients { get; } = [];

    public static Correspondents Of(SeenMail mail)
    {
        var people = new Correspondents();
        Add(people.Authors, mail.Participants.From, ParticipantRole.From);
        if (mail.IsFromList)
        {
            Add(people.Authors, mail.Participants.ReplyTo, ParticipantRole.ReplyTo);
            Add(people.Authors, "", mail.OriginalFrom, ParticipantRole.From);
        }

        Add(people.Recipients, mail.Participants.To, ParticipantRole.To);
        Add(people.Recipients, mail.Participants.Cc, ParticipantRole.Cc);
        Add(people.Recipients, mail.Participants.Bcc, ParticipantRole.Bcc);
        return people;
    }

    /// <summary>An SMTP envelope says who, not as what: everybody counts as To.</summary>
    public static Correspondents Of(DeliveredMail mail)
    {
        var people = new Correspondents();
        Add(people.Authors, mail.Sender, ParticipantRole.From);
        Add(people.Recipients, mail.Recipients, ParticipantRole.To);
        return people;
    }

    /// <summary>Adds every address on which the match of the mail may depend.</summary>
    public void AddAddresses(Placement placement, AskedAddresses into)
    {
        AddAddresses(Authors, into);
        if (placement != Placement.Inbox)
        {
            AddAddresses(Recipients, into);
        }
    }

    private static void AddAddresses(List<Correspondent> people, AskedAddresses into)
    {
        foreach (var person in people)
        {
            into.Add(person.Address);
        }
    }

    private static void Add(List<Correspondent> people, List<Mailbox> mailboxes, ParticipantRole role)
    {
        foreach (var mailbox in mailboxes)
        {
            Add(people, mailbox.Name, mailbox.Address, role);
        }
    }

    private static void Add(List<Correspondent> people, string name, string? address, ParticipantRole role)
    {
        if (EmailAddress.TryParse(address, out var parsed))
        {
            people.Add(new Correspondent(parsed, role, name));
        }
    }
}
