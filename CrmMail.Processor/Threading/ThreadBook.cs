using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Threading;

/// <summary>
/// What the mails of a batch tell of conversations: sets of ids that belong together. An event tells what it would tell if it were the
/// first of its mail, or nothing, so the order of the events changes nothing.
/// </summary>
internal sealed class ThreadBook
{
    private readonly List<ThreadMention> _mentions = [];
    private readonly Dictionary<MessageKey, MessageKey> _parents = [];

    /// <summary>Sets of two ids or more. A mail that names no other tells nothing: it is a conversation of its own as long as nobody names it.</summary>
    public IReadOnlyList<ThreadMention> Mentions => _mentions;

    /// <summary>Adds what the event tells of the mail.</summary>
    public void Add(BatchItem item, Mail mail)
    {
        // An event that names no contact, or is about a mail in the trash, is a skip when it comes first, and tells nothing then.
        if (item is not { FolderSkip: null, Match: { Links.Count: > 0 } match })
        {
            return;
        }

        var keys = new List<MessageKey> { mail.MailKey };
        switch (item.Event.Content)
        {
            case SeenMail seen:
                AddKeys(seen.Identity, keys);
                ReferencedIds.AddKeys(seen.Thread, seen.Participants, keys);
                break;
            case DeliveredMail delivered:
                AddKeys(delivered.Identity, keys);
                if (MessageKey.TryFromMessageId(match.Outbound?.InReplyTo, out var answered))
                {
                    keys.Add(answered);
                }

                break;
            default:
                return;
        }

        if (keys.Exists(key => !key.Equals(mail.MailKey)))
        {
            _mentions.Add(new ThreadMention(mail, keys));
        }
    }

    /// <summary>All ids of which the mails tell, each once.</summary>
    public HashSet<MessageKey> Keys()
    {
        var keys = new HashSet<MessageKey>();
        foreach (var mention in _mentions)
        {
            keys.UnionWith(mention.Keys);
        }

        return keys;
    }

    /// <summary>A row that is there.</summary>
    public void AddStored(ThreadLink link) => _parents[link.Key] = link.Parent;

    /// <summary>Forgets the rows, which are about to be read again.</summary>
    public void ForgetStored() => _parents.Clear();

    /// <summary>The smallest id of the conversation of an id, as it is in the database, and over how many rows it is found: over none if it is the id itself.</summary>
    public MessageKey RootOf(MessageKey key, out int steps)
    {
        for (steps = 0; _parents.TryGetValue(key, out var parent); steps++)
        {
            key = parent;
        }

        return key;
    }

    /// <summary>Whether everything that belongs together does so in the database.</summary>
    public bool IsJoined(ThreadMention mention) => mention.Keys.TrueForAll(key => RootOf(key).Equals(RootOf(mention.Keys[0])));

    /// <summary>What is missing in the database: one link for each conversation that becomes a part of another.</summary>
    public List<ThreadLink> MissingLinks()
    {
        var sets = new DisjointKeys();
        foreach (var mention in _mentions)
        {
            foreach (var key in mention.Keys)
            {
                sets.Join(RootOf(mention.Keys[0]), RootOf(key));
            }
        }

        return sets.Links();
    }

    private MessageKey RootOf(MessageKey key) => RootOf(key, out _);

    private static void AddKeys(MailIdentity identity, List<MessageKey> into)
    {
        foreach (var key in identity.MessageIdKeys)
        {
            into.Add(key);
        }
    }
}

/// <summary>Ids that belong to one conversation, by a word of one event.</summary>
/// <param name="Mail">The mail that the event is about.</param>
/// <param name="Keys">The ids of the mail and those that it names; may hold one twice.</param>
internal sealed record ThreadMention(Mail Mail, List<MessageKey> Keys);

/// <summary>A row of <c>thread_links</c>.</summary>
internal readonly record struct ThreadLink(MessageKey Key, MessageKey Parent);
