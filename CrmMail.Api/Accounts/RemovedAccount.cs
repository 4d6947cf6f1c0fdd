namespace CrmMail.Api.Accounts;

/// <summary>What was removed of an account.</summary>
internal sealed record RemovedAccount
{
    /// <summary>Whether EmailEngine had the account.</summary>
    public bool InEmailEngine { get; init; }

    /// <summary>Activities of the account.</summary>
    public int Activities { get; init; }

    /// <summary>Places on timelines of contacts: those of mails that no other account has.</summary>
    public int TimelineEntries { get; init; }

    /// <summary>Records of events that made no activity.</summary>
    public int Skips { get; init; }

    /// <summary>Reports on the delivery of its mails.</summary>
    public int DeliveryReports { get; init; }

    /// <summary>Requests to send mail from it.</summary>
    public int OutboundMessages { get; init; }
}
