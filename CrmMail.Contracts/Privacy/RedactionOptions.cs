using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace CrmMail.Contracts;

/// <summary>What is removed from texts before they are stored: the section <c>Redaction</c>, alike in the Api and in the Processor.</summary>
public sealed class RedactionOptions : IValidatableObject
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Redaction";

    private const int MaxPatterns = 32;
    private const int MaxPatternLength = 1000;

    /// <summary>Regular expressions of what is removed beside card numbers, IBANs and secrets. No lookaround and no backreferences: they are matched in linear time.</summary>
    public IList<string> Patterns { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Patterns.Count > MaxPatterns)
        {
            yield return new ValidationResult($"Redaction:Patterns has {Patterns.Count} patterns; at most {MaxPatterns} are allowed.");
        }

        for (var at = 0; at < Patterns.Count; at++)
        {
            if (FaultOf(Patterns[at]) is { } fault)
            {
                yield return new ValidationResult($"Redaction:Patterns:{at} {fault}");
            }
        }
    }

    /// <summary>A pattern as it is matched.</summary>
    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string? FaultOf(string pattern)
    {
        if (pattern.Length is 0 or > MaxPatternLength)
        {
            return $"has {pattern.Length} characters; it must have 1 to {MaxPatternLength}.";
        }

        try
        {
            return Compile(pattern).IsMatch("") ? "matches the empty text, and so would match everywhere." : null;
        }
        catch (ArgumentException syntax)
        {
            return $"is no regular expression: {syntax.Message}";
        }
        catch (NotSupportedException unsupported)
        {
            return $"cannot be matched in linear time: {unsupported.Message}";
        }
    }
}
