using System.Text.Json.Serialization;

namespace CrmMail.Api.Contacts;

/// <summary>What became of a line of an import.</summary>
internal enum ImportStatus
{
    /// <summary>There is a new contact.</summary>
    [JsonStringEnumMemberName("created")] Created,

    /// <summary>A contact that was there has changed.</summary>
    [JsonStringEnumMemberName("updated")] Updated,

    /// <summary>A contact was there and says all of it already.</summary>
    [JsonStringEnumMemberName("unchanged")] Unchanged,

    /// <summary>Nothing; see the errors.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}

/// <summary>The answer to one line of an import.</summary>
/// <param name="Line">The number of the line, from 1; empty lines count and have no answer.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Id">The contact.</param>
/// <param name="Errors">What is wrong, by field of the line; <c>$</c> is the line as a whole.</param>
internal sealed record ImportResult(
    long Line,
    ImportStatus Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? Id = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors = null);
