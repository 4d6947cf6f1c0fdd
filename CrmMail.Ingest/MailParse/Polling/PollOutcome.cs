namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>How an attempt to read a page ended.</summary>
internal enum PollOutcome
{
    /// <summary>The broker has all of it.</summary>
    Read,

    /// <summary>There was no page.</summary>
    Failed,

    /// <summary>There was a page, and the broker did not acknowledge all of it.</summary>
    NotStored,
}
