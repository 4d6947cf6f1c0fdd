using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What became of a dead letter: the column <c>dead_letters.state</c>.</summary>
public enum DeadLetterState
{
    /// <summary>Nobody has decided yet.</summary>
    [JsonStringEnumMemberName("open")] Open,

    /// <summary>Its record was put back into <see cref="MailTopics.Events"/>; should it fail again, that is another dead letter.</summary>
    [JsonStringEnumMemberName("requeued")] Requeued,

    /// <summary>It stays unprocessed.</summary>
    [JsonStringEnumMemberName("discarded")] Discarded,
}
