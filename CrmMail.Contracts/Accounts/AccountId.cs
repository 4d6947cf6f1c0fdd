using System.Diagnostics.CodeAnalysis;

namespace CrmMail.Contracts;

/// <summary>The name of a mailbox in EmailEngine, and the key of its events in Kafka. Never empty.</summary>
/// <remarks>EmailEngine allows up to 256 characters. Control characters, which no log, URL or database takes well, are refused.</remarks>
public sealed record AccountId
{
    /// <summary>The longest account id, in UTF-16 characters.</summary>
    public const int MaxLength = 256;

    private AccountId(string value) => Value = value;

    /// <summary>The id as EmailEngine writes it; case matters.</summary>
    public string Value { get; }

    /// <summary>Reads an account id.</summary>
    /// <exception cref="FormatException">The text is no account id.</exception>
    public static AccountId Parse(string text) =>
        TryParse(text, out var account)
            ? account
            : throw new FormatException($"An account id has 1 to {MaxLength} characters, not all blank and none of them a control character.");

    /// <summary>Reads an account id; false when the text is empty, blank, too long, or holds control characters or lone surrogates.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out AccountId? account)
    {
        var valid = !string.IsNullOrWhiteSpace(text) && text.Length <= MaxLength && SafeText.IsPlain(text);
        account = valid ? new AccountId(text!) : null;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
