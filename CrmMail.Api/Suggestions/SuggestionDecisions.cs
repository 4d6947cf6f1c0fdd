using CrmMail.Api.Contacts;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Suggestions;

/// <summary>What a person makes of suggestions.</summary>
internal sealed class SuggestionDecisions(NpgsqlDataSource database, ContactStore contacts, MergeTable merges)
{
    private const string Dismiss = """
        insert into dismissed_suggestions (contact_id, address, dismissed_by)
        select id, $2, $3
        from contacts
        where id = $1
          and not is_merged
        for key share
        on conflict (contact_id, address) do update
        set address = excluded.address
        """;

    /// <summary>Gives the contact the address; the contact as it is, where it has the address already.</summary>
    /// <exception cref="ProblemException">There is no such suggestion, or the contact cannot have the address.</exception>
    public async Task<Contact> AcceptAsync(EmailAddress address, Guid contact, CancellationToken cancellationToken) =>
        await contacts.AddAddressAsync(contact, address, connection => ThrowUnlessSuggestedAsync(connection, address, contact, cancellationToken), cancellationToken)
            ?? throw new ProblemException(await merges.MissingAsync(contact, cancellationToken));

    /// <summary>The address is not suggested for the contact any more.</summary>
    /// <exception cref="ProblemException">There is no such contact.</exception>
    public async Task DismissAsync(EmailAddress address, Guid contact, string actor, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Dismiss);
        command.Parameters.Add(new() { Value = contact });
        command.Parameters.Add(new() { Value = address.Value });
        command.Parameters.Add(new() { Value = actor });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new ProblemException(await merges.MissingAsync(contact, cancellationToken));
        }
    }

    private static async Task ThrowUnlessSuggestedAsync(NpgsqlConnection connection, EmailAddress address, Guid contact, CancellationToken cancellationToken)
    {
        var suggestions = await SuggestionReader.FindAsync(connection, [address], cancellationToken);
        if (!suggestions.Any(suggestion => suggestion.ContactId == contact))
        {
            throw new ProblemException(new Problem(ProblemKind.NotFound, "This address is not suggested for the contact, or not any more."));
        }
    }
}
