using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Timelines;

/// <summary>Explains activities: what is stored, and what the rules say today.</summary>
internal sealed class ExplanationReader(NpgsqlDataSource database, ActivityReader activities)
{
    private const int MaxAddresses = 100;

    /// <summary>The explanation; null when there is no such activity.</summary>
    public async Task<Explanation?> FindAsync(long id, CancellationToken cancellationToken)
    {
        if (await activities.FindAsync(id, cancellationToken) is not { } activity)
        {
            return null;
        }

        var named = Named(activity.Participants).Distinct().ToList();
        var shown = named.Take(MaxAddresses).ToList();
        var owners = await AddressOwners.ReadAsync(database, shown.ConvertAll(person => person.Address), cancellationToken);
        return new Explanation(
            activity.Id,
            activity.AccountId,
            activity.Direction,
            named.Count,
            shown.ConvertAll(person => Explain(activity, person.Address, person.Role, owners)),
            activity.Contacts,
            activity.Deals);
    }

    private static ExplainedAddress Explain(Activity activity, EmailAddress address, ParticipantRole role, AddressOwners owners)
    {
        if (!IsAsked(activity, role))
        {
            return new ExplainedAddress(address.Value, role, AddressOutcome.NotAsked, null, null, []);
        }

        if (activity.Direction == Direction.Sent && IsAuthor(activity, address))
        {
            return new ExplainedAddress(address.Value, role, AddressOutcome.Author, null, null, []);
        }

        var tried = owners.Try(address);
        var owner = tried.SelectMany(rule => rule.Candidates).FirstOrDefault();
        var outcome = owner is null ? AddressOutcome.Nobody : owner.ContactId is null ? AddressOutcome.OwnAccount : AddressOutcome.Contact;
        return new ExplainedAddress(address.Value, role, outcome, owner?.ContactId, owner?.OwnAccountId, tried);
    }

    /// <summary>That a mailing list had passed the mail on, so that Reply-To counted, is known by the link alone.</summary>
    private static bool IsAsked(Activity activity, ParticipantRole role) => (activity.Direction, role) switch
    {
        (Direction.Incoming, ParticipantRole.From) => true,
        (Direction.Incoming, ParticipantRole.ReplyTo) => activity.Contacts.Any(contact => contact.Roles.Contains(ParticipantRole.ReplyTo)),
        (Direction.Sent, ParticipantRole.To or ParticipantRole.Cc or ParticipantRole.Bcc) => true,
        _ => false,
    };

    private static bool IsAuthor(Activity activity, EmailAddress address) =>
        activity.Participants.From.Any(author => EmailAddress.TryParse(author.Address, out var from) && from.Mailbox == address.Mailbox);

    private static IEnumerable<(EmailAddress Address, ParticipantRole Role)> Named(Participants people) =>
        Named(people.From, ParticipantRole.From)
            .Concat(Named(people.ReplyTo, ParticipantRole.ReplyTo))
            .Concat(Named(people.To, ParticipantRole.To))
            .Concat(Named(people.Cc, ParticipantRole.Cc))
            .Concat(Named(people.Bcc, ParticipantRole.Bcc));

    private static IEnumerable<(EmailAddress Address, ParticipantRole Role)> Named(IReadOnlyList<Mailbox> mailboxes, ParticipantRole role)
    {
        foreach (var mailbox in mailboxes)
        {
            if (EmailAddress.TryParse(mailbox.Address, out var address))
            {
                yield return (address, role);
            }
        }
    }
}
