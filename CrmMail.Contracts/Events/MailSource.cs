using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Who told us of an event.</summary>
public enum MailSource
{
    /// <summary>A webhook of EmailEngine.</summary>
    [JsonStringEnumMemberName("emailengine")] EmailEngine,

    /// <summary>A mail of a team address, parsed by MailParse: its webhook or its listing.</summary>
    [JsonStringEnumMemberName("mailparse")] MailParse,

    /// <summary>A mailbox compared with the activities after an outage longer than EmailEngine's retries.</summary>
    [JsonStringEnumMemberName("reconcile")] Reconcile,
}
