namespace CrmMail.Api.Unmatched;

internal static class UnmatchedSql
{
    /// <summary>What the ledger tells of an address that leads to nobody. Mailbox and address follow as further conditions.</summary>
    public const string Seen = """
        select
            min(occurred_at) as first_at,
            max(occurred_at) as last_at,
            count(distinct mail_key) filter (where direction = 'incoming') as incoming,
            count(distinct mail_key) filter (where direction = 'sent') as sent
        from address_ledger
        where contact_id is null
        """;
}
