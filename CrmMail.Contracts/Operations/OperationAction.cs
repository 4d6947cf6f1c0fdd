using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What an operator asked for: the column <c>operations_audit.action</c>.</summary>
public enum OperationAction
{
    /// <summary>To put dead letters back.</summary>
    [JsonStringEnumMemberName("dead-letters.requeue")] RequeueDeadLetters,

    /// <summary>To leave dead letters unprocessed for good.</summary>
    [JsonStringEnumMemberName("dead-letters.discard")] DiscardDeadLetters,

    /// <summary>To end a run over dead letters.</summary>
    [JsonStringEnumMemberName("dead-letters.cancel")] CancelDeadLetterRun,

    /// <summary>To process a range of events again.</summary>
    [JsonStringEnumMemberName("replay.start")] StartReplay,

    /// <summary>To end a replay.</summary>
    [JsonStringEnumMemberName("replay.cancel")] CancelReplay,

    /// <summary>To compare a mailbox with the activities.</summary>
    [JsonStringEnumMemberName("reconcile.start")] StartReconciliation,

    /// <summary>To end a reconciliation.</summary>
    [JsonStringEnumMemberName("reconcile.cancel")] CancelReconciliation,

    /// <summary>To store more of mails, or less.</summary>
    [JsonStringEnumMemberName("storage.set")] SetStorageLevel,

    /// <summary>To merge a contact into another one.</summary>
    [JsonStringEnumMemberName("contacts.merge")] MergeContacts,

    /// <summary>To undo a merge of contacts.</summary>
    [JsonStringEnumMemberName("contacts.undo-merge")] UndoMerge,

    /// <summary>To encrypt the keys of contacts with another master key: by a change of the configuration.</summary>
    [JsonStringEnumMemberName("bodies.rewrap")] RewrapDataKeys,

    /// <summary>To make contacts of other people, or of nobody.</summary>
    [JsonStringEnumMemberName("contact-policy.set")] SetContactPolicy,
}
