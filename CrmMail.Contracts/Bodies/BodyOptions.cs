using System.ComponentModel.DataAnnotations;

namespace CrmMail.Contracts;

/// <summary>How bodies are kept where the level is <see cref="StorageLevel.Body"/>: the section <c>Bodies</c>, alike in the Api and in the Processor.</summary>
public sealed class BodyOptions : IValidatableObject
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Bodies";

    private const int MaxKeys = 4;

    /// <summary>The first encrypts keys of contacts, all of them decrypt, so that one can follow another. Without any, no body can be stored.</summary>
    public IList<MasterKeyOptions> MasterKeys { get; } = [];

    /// <summary>How long a body is kept, from the date of its mail on.</summary>
    [Range(1, 36_500)]
    public int RetentionDays { get; set; } = 365;

    /// <summary>The longest text and the longest HTML of a mail that are stored, in UTF-16 characters.</summary>
    [Range(1_000, 4_194_304)]
    public int MaxLength { get; set; } = 262_144;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MasterKeys.Count > MaxKeys)
        {
            yield return new ValidationResult($"Bodies:MasterKeys has {MasterKeys.Count} keys; it may have up to {MaxKeys}, the same in the Api and in the Processor.");
        }

        for (var at = 0; at < MasterKeys.Count; at++)
        {
            if (MasterKeys[at].Validate($"Bodies:MasterKeys:{at}") is { } fault)
            {
                yield return fault;
            }

            if (MasterKeys.Take(at).Any(before => before.Id == MasterKeys[at].Id))
            {
                yield return new ValidationResult($"Bodies:MasterKeys:{at}:Id is that of another key.");
            }
        }
    }

    /// <summary>Bodies of mails from before this moment are not kept.</summary>
    public DateTime KeptSince(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.GetUtcNow().UtcDateTime.AddDays(-RetentionDays);
    }
}
