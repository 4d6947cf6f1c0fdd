namespace CrmMail.Api.Reconciliation;

/// <summary>An order to compare a mailbox.</summary>
internal sealed record ReconciliationRequest
{
    /// <summary>Mails that the mail server received earlier are left alone. If not given: an hour before the last event of the account, and at least a day.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Feed what is missing. Without it, it is only listed.</summary>
    public bool Execute { get; init; }
}

/// <summary>An order to compare all mailboxes.</summary>
internal sealed record ReconciliationOfAll
{
    /// <summary>Has to be true.</summary>
    public bool All { get; init; }

    /// <summary>Mails that the mail servers received earlier are left alone. If not given: an hour before the last event of each account, and at least a day.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Feed what is missing. Without it, it is only listed.</summary>
    public bool Execute { get; init; }
}

/// <summary>Mailboxes that will be compared: `GET /api/reconciliations` lists the runs.</summary>
/// <param name="Execute">Whether what is missing is fed.</param>
/// <param name="Runs">How many runs were queued.</param>
internal sealed record AcceptedReconciliations(bool Execute, int Runs);
