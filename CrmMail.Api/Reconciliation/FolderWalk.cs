using CrmMail.Api.EmailEngine;

namespace CrmMail.Api.Reconciliation;

/// <summary>The way through a folder, from the newest mail to the last one that may be in range.</summary>
internal static class FolderWalk
{
    /// <summary>Mails of a page.</summary>
    public const int PageSize = 250;

    // What EmailEngine's cursors of IMAP folders begin with. Others are marks in the folder itself.
    private const string PageNumber = "imap_";

    /// <summary>The step after a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="totalBefore">How many mails the folder had when the page before was read; null for the first page.</param>
    /// <param name="isInRange">Whether a mail is new enough. Mails that were moved or uploaded lie among newer ones, so that only a whole page of older ones is the end.</param>
    /// <returns>The cursor of the next page, null for the first one; or that this was the last.</returns>
    public static (bool IsDone, string? Cursor) After(EngineMessagePage page, long? totalBefore, Func<EngineMessage, bool> isInRange)
    {
        // Of IMAP folders a cursor is the number of a page: where mails went, others slid over to pages that were read. New mails come first and
        // only let some be read twice.
        if (page.PrevPageCursor is { } previous && previous.StartsWith(PageNumber, StringComparison.Ordinal) && totalBefore - page.Total is > 0 and var gone)
        {
            return (false, gone > PageSize ? null : previous);
        }

        var isDone = page.NextPageCursor is null || (page.Messages.Count > 0 && !page.Messages.Any(isInRange));
        return (isDone, isDone ? null : page.NextPageCursor);
    }
}
