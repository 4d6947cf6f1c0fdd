using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>
/// The text by which an enum value is stored, sent and shown: its <see cref="JsonStringEnumMemberNameAttribute"/>.
/// Databases and topics outlive a renaming in the code, so the text never changes once it was written.
/// </summary>
public static class StableText
{
    /// <summary>The stable text of the value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of its enum.</exception>
    public static string ToText<TEnum>(this TEnum value) where TEnum : struct, Enum =>
        Of<TEnum>.Texts.TryGetValue(value, out var text) ? text : throw new ArgumentOutOfRangeException(nameof(value), value, null);

    /// <summary>The value with this stable text, compared exactly; false when there is none.</summary>
    public static bool TryParse<TEnum>([NotNullWhen(true)] string? text, out TEnum value) where TEnum : struct, Enum
    {
        value = default;
        return text is not null && Of<TEnum>.Values.TryGetValue(text, out value);
    }

    /// <summary>The value with this stable text.</summary>
    /// <exception cref="FormatException">No value has this text.</exception>
    public static TEnum Parse<TEnum>(string text) where TEnum : struct, Enum =>
        TryParse<TEnum>(text, out var value) ? value : throw new FormatException($"\"{text}\" is not one of: {string.Join(", ", Of<TEnum>.Values.Keys.Order())}.");

    private static class Of<TEnum> where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> Texts = Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, TextOf);
        public static readonly FrozenDictionary<string, TEnum> Values = Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

        private static string TextOf(TEnum value) =>
            typeof(TEnum).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? throw new InvalidOperationException($"{typeof(TEnum).Name}.{value} has no JsonStringEnumMemberName, so no text to store it by.");
    }
}
