using System.Globalization;

namespace CrmMail.FaultTests.Load;

/// <summary>An event, and what its sender was told.</summary>
internal sealed class LedgerEntry(Webhook webhook)
{
    public string EventId { get; } = webhook.EventId;

    public string Account { get; } = webhook.Account;

    public Fate Fate { get; } = webhook.Fate;

    public string? MessageId { get; } = webhook.MessageId;

    public string? Folder { get; } = webhook.Folder;

    /// <summary>How often it was sent, whatever the answer.</summary>
    public int Attempts { get; set; }

    /// <summary>How often it was answered with 2xx.</summary>
    public int Acceptances { get; set; }

    /// <summary>When it was first answered so, since the start of the load.</summary>
    public TimeSpan? AcceptedAt { get; set; }
}

/// <summary>
/// Everything that was sent, and everything that was answered with 2xx, in the order of the answers. The answers are on disk too, line by
/// line, so that they survive the test.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LedgerEntry> _entries = [];
    private readonly List<LedgerEntry> _accepted = [];
    private readonly StreamWriter _file;
    private long _deliveries;

    public Ledger(string path) => _file = new StreamWriter(path) { AutoFlush = true };

    /// <summary>Webhooks that were answered with 2xx; duplicates count.</summary>
    public long Deliveries => Interlocked.Read(ref _deliveries);

    /// <summary>Before an attempt, since it may have effects whatever becomes of the answer.</summary>
    public LedgerEntry Attempt(Webhook webhook)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(webhook.EventId, out var entry))
            {
                _entries[webhook.EventId] = entry = new LedgerEntry(webhook);
            }

            entry.Attempts++;
            return entry;
        }
    }

    public void Accept(LedgerEntry entry, TimeSpan at)
    {
        lock (_gate)
        {
            _deliveries++;
            entry.Acceptances++;
            if (entry.AcceptedAt is null)
            {
                entry.AcceptedAt = at;
                _accepted.Add(entry);
            }

            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds:0.000}\t{entry.Account}\t{entry.EventId}\t{entry.Fate}"));
        }
    }

    /// <summary>Every event that was ever sent, by its id.</summary>
    public Dictionary<string, LedgerEntry> Sent()
    {
        lock (_gate)
        {
            return new(_entries);
        }
    }

    /// <summary>What was answered with 2xx, in the order of the first answers.</summary>
    public List<LedgerEntry> Accepted()
    {
        lock (_gate)
        {
            return [.. _accepted];
        }
    }

    public void Dispose() => _file.Dispose();
}
