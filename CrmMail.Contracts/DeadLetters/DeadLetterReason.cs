using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Why a record went to the dead letters: the header <see cref="DeadLetterHeaders.Reason"/>.</summary>
public enum DeadLetterReason
{
    /// <summary>The value is no JSON.</summary>
    [JsonStringEnumMemberName("decode")] Decode,

    /// <summary>The headers or the JSON lack what every event has.</summary>
    [JsonStringEnumMemberName("schema")] Schema,

    /// <summary>The database refuses what the event says, and would always.</summary>
    [JsonStringEnumMemberName("row_rejected")] RowRejected,

    /// <summary>The body lies in the database by its header, and is not there, or is another one.</summary>
    [JsonStringEnumMemberName("body_missing")] BodyMissing,

    /// <summary>The record is larger than a dead letter may be: it is here without its value and its long headers, which are at its original place.</summary>
    [JsonStringEnumMemberName("too_large")] TooLarge,
}
