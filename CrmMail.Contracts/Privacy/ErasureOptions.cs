using System.ComponentModel.DataAnnotations;

namespace CrmMail.Contracts;

/// <summary>How erased people are known again: the section <c>Erasure</c>, alike in the Api and in the Processor.</summary>
public sealed class ErasureOptions : IValidatableObject
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Erasure";

    private const int MaxKeys = 4;
    private const int MinKeyLength = 16;

    /// <summary>The keys of the hashes of addresses: the first makes new ones, all of them find, so that one can follow another.</summary>
    public IList<string> Keys { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Keys.Count is 0 or > MaxKeys)
        {
            yield return new ValidationResult($"Erasure:Keys has {Keys.Count} keys; it must have 1 to {MaxKeys}, the same in the Api and in the Processor.");
        }

        for (var at = 0; at < Keys.Count; at++)
        {
            if (Keys[at].Length < MinKeyLength)
            {
                yield return new ValidationResult($"Erasure:Keys:{at} has fewer than {MinKeyLength} characters and could be guessed. Make a long one, such as that of: openssl rand -hex 32");
            }
        }
    }
}
