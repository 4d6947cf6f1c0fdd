using CrmMail.Api.Suggestions;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Timelines;

/// <summary>Explains activities: what is stored, and what the rules say today.</summary>
internal sealed class ExplanationReader(NpgsqlDataSource database, ActivityReader activities, SuggestionReader suggestions)
{
    private const int MaxAddresses = 100;

    private const string Events = """
        select told.event_id, told.source, (told.source, told.event_id) = (activities.source, activities.event_id), skip.reason
        from activities
        cross join lateral (
            select source, event_id, min(partition) as partition, min("offset") as "offset"
            from message_keys
            join address_ledger as asked on asked.mail_key = message_keys.key and asked.account_id = message_keys.account_id
            where message_keys.activity_id = activities.id
            group by source, event_id
        ) as told
        left join skipped_events as skip on (skip.account_id, skip.source, skip.event_id) = (activities.account_id, told.source, told.event_id)
        where activities.id = $1
        order by told.partition, told."offset"
        limit 100
        """;

    /// <summary>The explanation; null when there is no such activity.</summary>
    public async Task<Explanation?> FindAsync(long id, CancellationToken cancellationToken)
    {
        if (await activities.FindAsync(id, cancellationToken) is not { } activity)
        {
            return null;
        }

        var named = Named(activity.Participants).Distinct().ToList();
        var shown = named.Take(MaxAddresses).ToList();
        var addresses = shown.ConvertAll(person => person.Address);
        var owners = await AddressOwners.ReadAsync(database, addresses, cancellationToken);
        var namesakes = (await suggestions.FindAsync(addresses, cancellationToken)).ToLookup(suggestion => suggestion.Address);
        return new Explanation(
            activity.Id,
            activity.AccountId,
            activity.Direction,
            named.Count,
            shown.ConvertAll(person => Explain(activity, person.Address, person.Role, owners, namesakes)),
            activity.Contacts,
            activity.Deals,
            await ReadEventsAsync(activity.Id, cancellationToken));
    }

    private async Task<List<ExplainedEvent>> ReadEventsAsync(long activity, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Events);
        command.Parameters.Add(new() { Value = activity });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<ExplainedEvent>();
        while (await row.ReadAsync(cancellationToken))
        {
            events.Add(new ExplainedEvent(
                row.GetString(0),
                StableText.Parse<MailSource>(row.GetString(1)),
                row.GetBoolean(2),
                row.IsDBNull(3) ? null : StableText.Parse<SkipReason>(row.GetString(3))));
        }

        return events;
    }

    private static ExplainedAddress Explain(Activity activity, EmailAddress address, ParticipantRole role, AddressOwners owners, ILookup<string, Suggestion> namesakes)
    {
        if (!IsAsked(activity, role))
        {
            return new ExplainedAddress(address.Value, role, AddressOutcome.NotAsked, null, null, [], []);
        }

        if (activity.Direction == Direction.Sent && IsAuthor(activity, address))
        {
            return new ExplainedAddress(address.Value, role, AddressOutcome.Author, null, null, [], []);
        }

        var tried = owners.Try(address);
        var owner = tried.SelectMany(rule => rule.Candidates).FirstOrDefault();
        var outcome = owner is null ? AddressOutcome.Nobody : owner.ContactId is null ? AddressOutcome.OwnAccount : AddressOutcome.Contact;
        var suggested = outcome == AddressOutcome.Nobody ? namesakes[address.Value].ToList() : [];
        return new ExplainedAddress(address.Value, role, outcome, owner?.ContactId, owner?.OwnAccountId, tried, suggested);
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
