using CrmMail.Contracts;

namespace CrmMail.Processor.Threading;

/// <summary>Sets of keys, each named by its smallest (union-find, as <c>thread_links</c> is, but in memory and with paths halved).</summary>
internal sealed class DisjointKeys
{
    private readonly Dictionary<MessageKey, MessageKey> _parents = [];

    /// <summary>Makes one set of those of the two keys.</summary>
    public void Join(MessageKey one, MessageKey other)
    {
        var (a, b) = (Find(one), Find(other));
        switch (Compare(a, b))
        {
            case < 0:
                _parents[b] = a;
                break;
            case > 0:
                _parents[a] = b;
                break;
            default:
                break;
        }
    }

    /// <summary>From every key to the smallest of its set, but for those that are it.</summary>
    public List<ThreadLink> Links()
    {
        var links = new List<ThreadLink>(_parents.Count);
        foreach (var key in _parents.Keys)
        {
            links.Add(new ThreadLink(key, Find(key)));
        }

        return links;
    }

    /// <summary>As PostgreSQL compares them.</summary>
    private static int Compare(MessageKey one, MessageKey other) => one.Bytes.Span.SequenceCompareTo(other.Bytes.Span);

    private MessageKey Find(MessageKey key)
    {
        while (_parents.TryGetValue(key, out var parent))
        {
            if (_parents.TryGetValue(parent, out var grandparent))
            {
                _parents[key] = grandparent;
            }

            key = parent;
        }

        return key;
    }
}
