namespace CrmMail.Contracts;

/// <summary>How contacts are found.</summary>
public static class ContactSql
{
    /// <summary>
    /// The contacts behind the addresses of a whole batch, in one statement: <c>$1</c> is text[] of <see cref="EmailAddress.Value"/>.
    /// Gives <c>address</c> and <c>contact_id</c>; addresses that belong to nobody are absent.
    /// </summary>
    public const string Match = """
        select address, contact_id
        from contact_addresses
        where address = any ($1)
        """;
}
