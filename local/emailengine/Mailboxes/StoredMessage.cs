using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>A copy of a mail in a folder.</summary>
internal sealed class StoredMessage(MessageHandle handle, Mail mail, IEnumerable<string> flags, ProviderIds provider)
{
    public MessageHandle Handle { get; } = handle;

    public Mail Mail { get; } = mail;

    /// <summary>Bytes of the mail on the server.</summary>
    public int Size { get; } = MimeSource.Render(mail).Length;

    public SortedSet<string> Flags { get; } = new(flags, StringComparer.Ordinal);

    public ProviderIds Provider { get; } = provider;

    public bool IsSeen => Flags.Contains("\\Seen");

    public bool IsDraft => Flags.Contains("\\Draft");

    public bool IsFlagged => Flags.Contains("\\Flagged");

    public bool IsAnswered => Flags.Contains("\\Answered");
}

/// <summary>Ids that only some servers give (Gmail, Outlook, IMAP servers with OBJECTID): they stay when the mail is moved.</summary>
internal sealed record ProviderIds(string? EmailId = null, string? ThreadId = null, IReadOnlyList<string>? Labels = null);
