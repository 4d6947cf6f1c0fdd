using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What a run has done with one dead letter: the column <c>dead_letter_run_results.result</c>.</summary>
public enum DeadLetterResult
{
    /// <summary>Kafka has its record again in <see cref="MailTopics.Events"/>.</summary>
    [JsonStringEnumMemberName("requeued")] Requeued,

    /// <summary>It stays unprocessed.</summary>
    [JsonStringEnumMemberName("discarded")] Discarded,

    /// <summary>Kafka has its record no longer; it is left as it was.</summary>
    [JsonStringEnumMemberName("gone")] Gone,

    /// <summary>The topic of the events does not take a record of that size; it is left as it was.</summary>
    [JsonStringEnumMemberName("too_large")] TooLarge,
}
