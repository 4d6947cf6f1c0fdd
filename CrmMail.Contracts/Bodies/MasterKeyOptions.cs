using System.ComponentModel.DataAnnotations;

namespace CrmMail.Contracts;

/// <summary>A master key, by which the keys of contacts are encrypted.</summary>
public sealed class MasterKeyOptions
{
    /// <summary>The length of a key in bytes: AES-256.</summary>
    internal const int KeySize = 32;

    private const int PaddedLength = 44;
    private const int MaxIdLength = 64;

    /// <summary>By what the database names it. Once used, it belongs to this key for good.</summary>
    public string Id { get; set; } = "";

    /// <summary>256 random bits in Base64, with or without the <c>=</c> at the end.</summary>
    public string Key { get; set; } = "";

    /// <summary>The key; null where it is none.</summary>
    internal byte[]? ToBytes()
    {
        var key = new byte[KeySize];
        return Convert.TryFromBase64String(Key.PadRight(PaddedLength, '='), key, out var length) && length == KeySize ? key : null;
    }

    internal ValidationResult? Validate(string name)
    {
        if (Id.Length is 0 or > MaxIdLength || !Id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            return new ValidationResult($"{name}:Id must have 1 to {MaxIdLength} letters, digits, dots, dashes or underscores.");
        }

        return ToBytes() is null
            ? new ValidationResult($"{name}:Key is not 256 bits in Base64. Make one with: openssl rand -base64 {KeySize}")
            : null;
    }
}
