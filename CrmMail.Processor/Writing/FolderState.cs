namespace CrmMail.Processor.Writing;

/// <summary>Where a mail was seen last.</summary>
/// <param name="RemoteId">EmailEngine's id of the mail there.</param>
/// <param name="Path">The folder.</param>
/// <param name="SpecialUse">What the folder is for.</param>
/// <param name="At">When EmailEngine saw it there.</param>
internal sealed record FolderState(string? RemoteId, string? Path, string? SpecialUse, DateTime At)
{
    /// <summary>Whether this is where the mail is now, whatever the order in which the events came: copies seen in the same instant are told apart by their id.</summary>
    public bool Supersedes(FolderState? other) =>
        other is null || At > other.At || (At == other.At && string.CompareOrdinal(RemoteId, other.RemoteId) > 0);
}
