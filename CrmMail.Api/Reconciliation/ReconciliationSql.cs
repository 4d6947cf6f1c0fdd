using CrmMail.Contracts;

namespace CrmMail.Api.Reconciliation;

/// <summary>What the statements that add runs have in common.</summary>
internal static class ReconciliationSql
{
    /// <summary>Accounts that EmailEngine may have: a team address has no mailbox to compare.</summary>
    public const string IsMailbox = $"not starts_with(accounts.id, '{MailParseAccount.Prefix}')";

    /// <summary>Accounts that can be compared: EmailEngine has them, and nobody has removed them here.</summary>
    public const string IsLive = $"{IsMailbox} and accounts.state <> 'deleted' and forgotten_before is distinct from 'infinity'";

    /// <summary>Since when the account is connected. What came before, EmailEngine does not tell of.</summary>
    public const string ConnectedSince = "greatest(created_at, forgotten_before)";

    /// <summary>Records the runs of a part <c>added</c> of the statement that change data.</summary>
    public const string Audit = """
        told as (
            insert into operations_audit (actor, action, request, run_id)
            select requested_by, 'reconcile.start', jsonb_build_object('account', account_id, 'cause', cause, 'since', since), id
            from added
            where not is_dry_run
        )
        """;
}
