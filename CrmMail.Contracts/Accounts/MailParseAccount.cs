namespace CrmMail.Contracts;

/// <summary>
/// Accounts that are no mailbox but a team address, whose mail MailParse takes in: <c>mailparse:{inbox}</c>. Their id alone says so, so that
/// whoever sees an event, a row or a request knows without looking the account up.
/// </summary>
public static class MailParseAccount
{
    /// <summary>What the id of such an account begins with, and that of no mailbox.</summary>
    public const string Prefix = "mailparse:";

    /// <summary>Whether the account is an inbox of MailParse.</summary>
    public static bool Is(AccountId account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account.Value.Length > Prefix.Length && account.Value.StartsWith(Prefix, StringComparison.Ordinal);
    }
}
