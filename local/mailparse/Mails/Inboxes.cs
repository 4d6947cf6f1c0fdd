using System.Collections.Concurrent;

namespace MailParseSimulator.Mails;

/// <summary>The mails of each inbox in the order in which they came, in memory.</summary>
internal sealed class Inboxes
{
    private readonly ConcurrentDictionary<string, List<byte[]>> _mails = new(StringComparer.Ordinal);

    /// <summary>Keeps a payload for the listing.</summary>
    public void Add(string inbox, byte[] payload)
    {
        var mails = _mails.GetOrAdd(inbox, _ => []);
        lock (mails)
        {
            mails.Add(payload);
        }
    }

    /// <summary>Up to so many payloads from a position on, and whether there are more behind them.</summary>
    public (IReadOnlyList<byte[]> Payloads, bool HasMore) Read(string inbox, int position, int limit)
    {
        if (!_mails.TryGetValue(inbox, out var mails))
        {
            return ([], false);
        }

        lock (mails)
        {
            var first = Math.Min(position, mails.Count);
            var count = Math.Min(limit, mails.Count - first);
            return (mails.GetRange(first, count), first + count < mails.Count);
        }
    }
}
