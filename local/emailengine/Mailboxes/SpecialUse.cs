namespace EmailEngineSimulator.Mailboxes;

/// <summary>What a folder is for (RFC 6154, and EmailEngine's own <c>\Inbox</c>).</summary>
internal static class SpecialUse
{
    public const string Inbox = "\\Inbox";
    public const string Sent = "\\Sent";
    public const string Drafts = "\\Drafts";
    public const string Junk = "\\Junk";
    public const string Trash = "\\Trash";
    public const string Archive = "\\Archive";

    /// <summary>Whether a message in such a folder has a <c>messageSpecialUse</c>; Archive has none.</summary>
    public static bool IsOfMessages(string? specialUse) => specialUse is Inbox or Sent or Drafts or Junk or Trash;
}
