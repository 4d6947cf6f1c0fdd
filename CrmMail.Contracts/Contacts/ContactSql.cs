namespace CrmMail.Contracts;

/// <summary>How contacts are found.</summary>
public static class ContactSql
{
    /// <summary>
    /// The contacts behind the addresses of a whole batch, in one statement: <c>$1</c> is text[] of <see cref="EmailAddress.Value"/>.
    /// Gives <c>address</c> and <c>contact_id</c>; addresses that belong to nobody are absent.
    /// </summary>
    /// <remarks>
    /// The limit changes no answer, for an address is unique. It keeps the planner to one index probe per address: for
    /// <c>address = any ($1)</c> it prefers to read all contacts, up to hundreds of thousands of them.
    /// </remarks>
    public const string Match = """
        select wanted.address, known.contact_id
        from unnest($1) as wanted (address)
        cross join lateral (
            select contact_id
            from contact_addresses
            where address = wanted.address
            limit 1
        ) as known
        """;

    /// <summary>
    /// The contacts with an address of the same mailbox at Gmail: <c>$1</c> is text[] of <see cref="EmailAddress.GmailMailbox"/>. Gives
    /// <c>mailbox</c> and <c>contact_id</c>; of several contacts the one that was made first, for their ids are in the order of their making.
    /// </summary>
    public const string MatchGmail = """
        select wanted.mailbox, known.contact_id
        from unnest($1) as wanted (mailbox)
        cross join lateral (
            select contact_id
            from contact_addresses
            where gmail_mailbox(address) = wanted.mailbox
            order by contact_id
            limit 1
        ) as known
        """;
}
