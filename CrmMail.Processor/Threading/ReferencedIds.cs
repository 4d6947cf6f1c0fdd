using System.Buffers;
using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Threading;

/// <summary>
/// The mails that a mail names as those before it: what stands in angle brackets, in References and then in In-Reply-To. Of more than
/// <see cref="Max"/> the first half and the last half of that, which hold the beginning of the conversation and the mail that is answered.
/// </summary>
internal static class ReferencedIds
{
    /// <summary>The most ids that are taken from one mail.</summary>
    public const int Max = 100;

    private static readonly SearchValues<char> BetweenIds = SearchValues.Create(" \t\r\n,");
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");

    /// <summary>Adds the keys of the mails that are named. The mail itself may be among them, and one may be there twice.</summary>
    public static void AddKeys(ThreadHeaders headers, Participants people, List<MessageKey> into)
    {
        var ids = new List<ReadOnlyMemory<char>>();
        AddIds(headers.References, people, ids);
        AddIds(headers.InReplyTo, people, ids);
        for (var n = 0; n < ids.Count; n++)
        {
            if (n == Max / 2 && ids.Count > Max)
            {
                n = ids.Count - (Max / 2);
            }

            if (MessageKey.TryFromMessageId(ids[n].ToString(), out var key))
            {
                into.Add(key);
            }
        }
    }

    private static void AddIds(string? header, Participants people, List<ReadOnlyMemory<char>> into)
    {
        var first = into.Count;
        var hasProse = false;
        var rest = header.AsMemory();
        for (var close = rest.Span.IndexOf('>'); close >= 0; close = rest.Span.IndexOf('>'))
        {
            var open = rest.Span[..close].LastIndexOf('<');
            hasProse |= open < 0 || rest.Span[..open].ContainsAnyExcept(BetweenIds);
            if (open >= 0 && rest[(open + 1)..close].Trim() is { IsEmpty: false } id)
            {
                into.Add(id);
            }

            rest = rest[(close + 1)..];
        }

        if (hasProse || rest.Span.ContainsAnyExcept(BetweenIds))
        {
            RemoveProse(people, into, first);
        }
    }

    /// <summary>
    /// Between words, angle brackets hold addresses as well (<c>Message from Ann &lt;ann@x&gt; of Monday &lt;1@x&gt;</c>) and dates. Taken
    /// for ids they would make one conversation of everything that answers Ann.
    /// </summary>
    private static void RemoveProse(Participants people, List<ReadOnlyMemory<char>> ids, int first)
    {
        var addresses = AddressesOf(people).GetAlternateLookup<ReadOnlySpan<char>>();
        var kept = first;
        for (var n = first; n < ids.Count; n++)
        {
            var id = ids[n].Span;
            if (id.Contains('@') && !id.ContainsAny(Blanks) && !addresses.Contains(id))
            {
                ids[kept++] = ids[n];
            }
        }

        ids.RemoveRange(kept, ids.Count - kept);
    }

    private static HashSet<string> AddressesOf(Participants people)
    {
        var addresses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var mailboxes in (ReadOnlySpan<List<Mailbox>>)[people.From, people.To, people.Cc, people.Bcc, people.ReplyTo])
        {
            foreach (var mailbox in mailboxes)
            {
                addresses.Add(mailbox.Address);
            }
        }

        return addresses;
    }
}
