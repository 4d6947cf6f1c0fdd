namespace CrmMail.Api.Contacts;

/// <summary>How everything about a person is found: by the contact <c>$1</c>, and by the addresses <c>$2</c> (<see cref="Person.Spellings"/>).</summary>
internal static class PersonSql
{
    // By link, whatever the spelling; by address also where nobody linked the person, such as in Cc. There an address with a tag is not found.
    public const string Activities = """
        select activity_id
        from activity_contacts
        where contact_id = $1
        union
        select id
        from activities
        where participant_addresses(participants) ?| $2
        """;
}
