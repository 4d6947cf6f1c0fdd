namespace CrmMail.Contracts;

/// <summary>What a folder, a label or a flag says of the mails that have it.</summary>
public enum FolderMeaning
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>They came to the account.</summary>
    Inbox,

    /// <summary>The account sent them.</summary>
    Sent,

    /// <summary>They are still being written.</summary>
    Drafts,

    /// <summary>They are unwanted.</summary>
    Junk,

    /// <summary>They were thrown away.</summary>
    Trash,
}

/// <summary>Reads special uses (RFC 6154), labels and flags.</summary>
public static class FolderMeanings
{
    /// <summary>What the name says; <c>\Draft</c>, the flag, is what EmailEngine's guide calls the folder too.</summary>
    public static FolderMeaning Of(string? name) =>
        name is not ['\\', ..] ? FolderMeaning.Other
        : Is(name, @"\Sent") ? FolderMeaning.Sent
        : Is(name, @"\Inbox") ? FolderMeaning.Inbox
        : Is(name, @"\Drafts") || Is(name, @"\Draft") ? FolderMeaning.Drafts
        : Is(name, @"\Junk") || Is(name, @"\Spam") ? FolderMeaning.Junk
        : Is(name, @"\Trash") ? FolderMeaning.Trash
        : FolderMeaning.Other;

    private static bool Is(string name, string specialUse) => name.Equals(specialUse, StringComparison.OrdinalIgnoreCase);
}
