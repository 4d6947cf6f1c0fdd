using System.ComponentModel.DataAnnotations;

namespace CrmMail.Api.Accounts;

/// <summary>A folder of a mailbox.</summary>
/// <param name="Path">The whole path, as the mail server writes it.</param>
/// <param name="Name">The last part of it.</param>
/// <param name="SpecialUse">What the folder is for: `\Inbox`, `\Sent`, `\Drafts`, `\Junk`, `\Trash`, `\Archive`; null for folders of the user.</param>
internal sealed record Folder(string Path, string Name, string? SpecialUse);

/// <summary>The folder in which sent mail is.</summary>
/// <param name="Path">The path of a folder of the mailbox.</param>
internal sealed record SentFolder([property: Required] string? Path);
