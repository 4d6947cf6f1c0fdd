namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>How far each inbox was read. One holds an inbox at a time, over all replicas.</summary>
internal interface IPollingCursors
{
    /// <summary>Takes an inbox; null when another one has it, or when it is not to be read yet.</summary>
    Task<IHeldInbox?> TryHoldAsync(MailParseInbox inbox, CancellationToken cancellationToken);
}

/// <summary>An inbox that nobody else reads until this is disposed of.</summary>
internal interface IHeldInbox : IAsyncDisposable
{
    /// <summary>Where the next page begins.</summary>
    InboxPosition Position { get; }

    /// <summary>Remembers where the next page begins, and that nobody reads it sooner than after a while.</summary>
    Task MoveAsync(InboxPosition next, TimeSpan pause, CancellationToken cancellationToken);
}

/// <param name="Cursor">As MailParse gave it; null at the beginning.</param>
/// <param name="Failures">How many reads failed since the last one that did not.</param>
internal readonly record struct InboxPosition(string? Cursor, int Failures)
{
    /// <summary>The place after a page was stored.</summary>
    public InboxPosition After(ListingPage page) => new(page.NextCursor ?? Cursor, 0);

    /// <summary>The same place after one more failure.</summary>
    public InboxPosition Failed() => this with { Failures = Failures + 1 };
}
