using System.Text.Json.Serialization;
using CrmMail.Api.Operations;

namespace CrmMail.Api.DeadLetters;

/// <summary>A dead letter and what is in it.</summary>
internal sealed record OpenedDeadLetter : DeadLetter
{
    /// <param name="letter">What its row tells.</param>
    /// <param name="content">What is in it; null when Kafka has it no longer.</param>
    public OpenedDeadLetter(DeadLetter letter, DeadLetterContent? content)
        : base(letter)
    {
        Headers = content?.Headers ?? new Dictionary<string, string?>();
        KeyText = content?.KeyText;
        BodySize = content?.BodySize;
        Body = content?.Body;
        BodyBase64 = content?.BodyBase64;
        Error = content is null ? "Kafka has the record no longer." : null;
    }

    /// <summary>The headers of its record by name, as text; of repeated names the last one.</summary>
    public IReadOnlyDictionary<string, string?> Headers { get; }

    /// <summary>The key of its record, as text.</summary>
    public string? KeyText { get; }

    /// <summary>The size of the body in bytes.</summary>
    public long? BodySize { get; }

    /// <summary>The body; null when it is no text.</summary>
    public string? Body { get; }

    /// <summary>The bytes of a body that is no text (UTF-8).</summary>
    public string? BodyBase64 { get; }

    /// <summary>Why its content is not there.</summary>
    public string? Error { get; }

    /// <summary>What operators have done with it, oldest first. Not in an export.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AuditEntry>? Audit { get; init; }
}
