using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmMail.Processor.Filtering;

/// <summary>The file of the rules, <c>filter-rules.json</c>, as it stands. What it does not know is an error and not passed over.</summary>
/// <param name="Exceptions">Named signs that keep rules from finding a mail: one of them is enough.</param>
/// <param name="Rules">The rules, in the order in which they are asked.</param>
internal sealed record FilterFile(IReadOnlyDictionary<string, IReadOnlyList<ConditionEntry>> Exceptions, IReadOnlyList<RuleEntry> Rules)
{
    /// <exception cref="JsonException">It is no such file.</exception>
    public static FilterFile Parse(Stream json) =>
        JsonSerializer.Deserialize(json, FilterFileJson.Default.FilterFile) ?? throw new JsonException("The file of the rules says null.");
}

/// <summary>A rule as it stands in the file.</summary>
/// <param name="Name">What is stored with a mail that it finds; no two rules share it.</param>
/// <param name="Tag">The stable text of the tag that it gives.</param>
/// <param name="When">The conditions, all of which have to be met.</param>
/// <param name="Source">What says that this is a sign of it: a standard, or whose custom it is.</param>
/// <param name="Except">Names of <see cref="FilterFile.Exceptions"/>: a mail that meets a condition of these is not found.</param>
/// <param name="ExceptTags">Tags that stand against it, where rules before this one have given them.</param>
internal sealed record RuleEntry(
    string Name, string Tag, IReadOnlyList<ConditionEntry> When, string Source, IReadOnlyList<string>? Except = null, IReadOnlyList<string>? ExceptTags = null);

/// <summary>A condition as it stands in the file: a header or a field, and one test of its text. Case does not count, nor do blanks around it.</summary>
/// <param name="Header">The name of a header, in lower case. Of several the condition is met if one of them meets it.</param>
/// <param name="Field">The stable text of a <see cref="MailField"/>.</param>
/// <param name="Topmost">Of several headers of the name only the first counts: the one that our own server has added.</param>
/// <param name="Present">It says anything.</param>
/// <param name="Is">Without parameters (<c>;</c>) it is one of these.</param>
/// <param name="IsNot">Without parameters it is something else than this.</param>
/// <param name="StartsWith">It starts with one of these.</param>
/// <param name="Contains">One of these is in it.</param>
/// <param name="Word">One of these is in it, with no letter before or behind.</param>
internal sealed record ConditionEntry(
    string? Header = null,
    string? Field = null,
    bool Topmost = false,
    bool Present = false,
    IReadOnlyList<string>? Is = null,
    string? IsNot = null,
    IReadOnlyList<string>? StartsWith = null,
    IReadOnlyList<string>? Contains = null,
    IReadOnlyList<string>? Word = null);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(FilterFile))]
internal sealed partial class FilterFileJson : JsonSerializerContext;
