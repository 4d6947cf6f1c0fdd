using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What a run does with dead letters: the column <c>dead_letter_runs.action</c>.</summary>
public enum DeadLetterAction
{
    /// <summary>Puts their records back into <see cref="MailTopics.Events"/>.</summary>
    [JsonStringEnumMemberName("requeue")] Requeue,

    /// <summary>Leaves them unprocessed for good.</summary>
    [JsonStringEnumMemberName("discard")] Discard,
}
