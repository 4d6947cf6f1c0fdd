namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>No page came. The message tells why, and nothing of what was in the answer.</summary>
internal sealed class ListingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long MailParse asked to be left alone, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether MailParse no longer knows the cursor (410): the listing has to be read from its beginning.</summary>
    public bool IsCursorGone { get; init; }
}
