using System.Text.Json.Serialization;

namespace CrmMail.Api.Reconciliation;

/// <summary>Why a mailbox is compared.</summary>
internal enum ReconciliationCause
{
    /// <summary>Somebody asked for it.</summary>
    [JsonStringEnumMemberName("demand")] Demand,

    /// <summary>EmailEngine had lost the mailbox, and is connected again.</summary>
    [JsonStringEnumMemberName("reconnected")] Reconnected,

    /// <summary>Ingest took no webhooks for longer than EmailEngine may repeat them.</summary>
    [JsonStringEnumMemberName("ingest-outage")] IngestOutage,
}
