using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using CrmMail.Contracts;

namespace CrmMail.Ingest.MailParse;

/// <summary>A team address as MailParse names it: 1 to 64 lower-case letters, digits, dots, underscores and hyphens.</summary>
internal sealed record MailParseInbox
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private MailParseInbox(string name) => (Name, Account) = (name, AccountId.Parse(MailParseAccount.Prefix + name));

    /// <summary>The name, as in the address of the webhook.</summary>
    public string Name { get; }

    /// <summary>The account of its events: <c>mailparse:NAME</c>.</summary>
    public AccountId Account { get; }

    /// <summary>Reads a name; false when it has another character, none, or too many.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MailParseInbox? inbox)
    {
        var valid = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Alphabet);
        inbox = valid ? new MailParseInbox(text!) : null;
        return valid;
    }
}
