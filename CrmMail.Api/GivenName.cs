using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api;

/// <summary>What callers may give as the name of a company or a deal.</summary>
internal static class GivenName
{
    public const int MaxLength = 500;

    /// <summary>The name in NFC and without blanks around it; with faults where it cannot be one.</summary>
    public static string Read(string field, string? text, FieldFaults faults)
    {
        var name = text?.Trim() ?? "";
        faults.AddIf(name.Length == 0, field, "A name is needed.");
        return ReadText(field, name, MaxLength, faults);
    }

    /// <summary>A short text that may be empty, in NFC and without blanks around it; with faults where it is too long or not one line.</summary>
    public static string ReadText(string field, string text, int maxLength, FieldFaults faults)
    {
        var trimmed = text.Trim();
        if (!SafeText.IsPlain(trimmed))
        {
            faults.Add(field, "It holds no control characters.");
            return "";
        }

        var normalized = trimmed.Normalize();
        faults.AddIf(normalized.Length > maxLength, field, $"It has at most {maxLength} characters.");
        return normalized;
    }
}
