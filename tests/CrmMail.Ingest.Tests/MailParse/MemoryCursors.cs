using CrmMail.Ingest.MailParse;
using CrmMail.Ingest.MailParse.Polling;

namespace CrmMail.Ingest.Tests.MailParse;

/// <summary>Cursors of one inbox that another replica may hold, and what became of them.</summary>
internal sealed class MemoryCursors : IPollingCursors
{
    private readonly List<(InboxPosition Next, TimeSpan Pause)> _moves = [];

    public InboxPosition Position { get; set; }

    /// <summary>Whether another replica has the inbox.</summary>
    public bool IsTaken { get; set; }

    public IReadOnlyList<(InboxPosition Next, TimeSpan Pause)> Moves => _moves;

    public Task<IHeldInbox?> TryHoldAsync(MailParseInbox inbox, CancellationToken cancellationToken) =>
        Task.FromResult<IHeldInbox?>(IsTaken ? null : new Held(this));

    private sealed class Held(MemoryCursors cursors) : IHeldInbox
    {
        public InboxPosition Position => cursors.Position;

        public Task MoveAsync(InboxPosition next, TimeSpan pause, CancellationToken cancellationToken)
        {
            cursors.Position = next;
            cursors._moves.Add((next, pause));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
