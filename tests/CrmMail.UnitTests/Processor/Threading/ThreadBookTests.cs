using System.Globalization;
using CrmMail.Contracts;
using CrmMail.Processor.Writing;
using CrmMail.UnitTests.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Threading;

/// <summary>Which mails are one conversation: by the ids that they name, and by nothing else.</summary>
public sealed class ThreadBookTests
{
    private const string FromAnn = "\"from\":{\"address\":\"ann@customer.example\"}";
    private const string FromStranger = "\"from\":{\"address\":\"stranger@x.example\"}";
    private const string ToAnn = "\"from\":{\"address\":\"amy@corp.example\"},\"to\":[{\"address\":\"ann@customer.example\"}]";

    [Theory]
    [InlineData("a; b re a", "a b")]
    [InlineData("b re a; a", "a b")] // the reply first
    [InlineData("c re b; a; b re a", "a b c")] // the mail that joins comes last
    [InlineData("b re x; c re x", "b c")] // both answer a mail that never comes
    [InlineData("c refs a,b; a", "a c")] // b never comes
    [InlineData("c refs a,b; d re b", "c d")]
    [InlineData("a; b; c", "a, b, c")]
    [InlineData("a re a; b re b", "a, b")] // themselves
    [InlineData("a re c; b re a; c re b; d", "a b c, d")] // in a circle
    [InlineData("a; b re a; c; d refs c,a", "a b c d")] // two conversations become one
    public void Mails_that_name_each_other_are_one_conversation(string mails, string conversations)
    {
        var events = mails.Split("; ").Select(Told).ToArray();
        foreach (var order in new[] { events, [.. events.Reverse()] })
        {
            Assert.Equal(conversations, new Conversations().After(order).Describe());
        }
    }

    [Fact]
    public void A_hundred_orders_of_the_same_events_give_the_same_threads()
    {
        var events = new Correspondence(seed: 1).Events(mails: 120).ToArray();
        var expected = new Conversations().After(events).Threads();
        Assert.InRange(expected.Values.Distinct().Count(), 5, 60);

        for (var seed = 1; seed <= 100; seed++)
        {
            var order = events.ToArray();
            new Random(seed).Shuffle(order);
            Assert.Equal(expected, new Conversations().After(order).Threads());
        }
    }

    [Theory]
    [InlineData("a; Junk b re a; c re b", "a, c")]
    [InlineData("a; Trash b re a; c re b", "a, c")]
    [InlineData("a; Drafts b re a; c re b", "a, c")]
    [InlineData("a; stranger b re a; c re b", "a, c")] // the middle is no activity, and c names it alone
    [InlineData("a; stranger b re a; c refs a,b", "a c")] // c names all before it, as nearly every program does
    [InlineData("b; Trash b re a; a", "a, b")] // it would be a skip if it came first
    public void A_mail_without_an_activity_tells_nothing_of_its_conversation(string mails, string conversations) =>
        Assert.Equal(conversations, new Conversations().After(mails.Split("; ").Select(Told)).Describe());

    [Fact]
    public void Two_copies_that_name_other_mails_tell_both_whichever_comes_first()
    {
        string[] events = [Told("a"), Told("b"), Told("c re a"), Told("Archive c re b")];

        Assert.Equal("a b c", new Conversations().After(events).Describe());
        Assert.Equal("a b c", new Conversations().After(events.Reverse().Take(2).Concat(events[..2])).Describe());
    }

    [Fact]
    public void A_mail_is_found_by_the_id_that_it_had_before_the_provider_changed_it()
    {
        string[] events =
        [
            Webhook.Of("messageSent", "\"messageId\":\"<theirs@x>\",\"originalMessageId\":\"<ours@x>\",\"envelope\":{\"to\":[\"ann@customer.example\"]}"),
            Told("b re ours"),
            Told("c re theirs"),
        ];

        Assert.Equal("b c theirs", new Conversations().After(events).Describe());
    }

    [Fact]
    public void Subjects_and_a_providers_threads_join_nothing()
    {
        string[] events = [.. Enumerable.Range(1, 2).Select(id => Webhook.New("Inbox", $"\"messageId\":\"<{id}@x>\",\"threadId\":\"t\",\"subject\":\"Re: Offer\",{FromAnn}"))];

        Assert.Equal("1, 2", new Conversations().After(events).Describe());
    }

    [Fact]
    public void A_mail_that_names_no_other_writes_nothing_and_a_join_is_one_row()
    {
        var conversations = new Conversations();

        Assert.Equal(0, conversations.After([Told("a"), Told("b")]).Rows);
        Assert.Equal(1, conversations.After([Told("c re a")]).Rows);
        Assert.Equal(2, conversations.After([Told("d re b")]).Rows);
        Assert.Equal(4, conversations.After([Told("e refs a,b")]).Rows); // for itself, and for the one of two conversations
        Assert.Equal(4, conversations.After([Told("e refs a,b"), Told("Archive e refs a,b")]).Rows);
    }

    /// <summary>A mail as "[folder|stranger] id [re id|refs id,id]"; in the inbox, from a contact, if nothing else is said.</summary>
    private static string Told(string text)
    {
        var words = new Queue<string>(text.Split(' '));
        var (folder, people) = words.Peek() switch
        {
            "stranger" => ("Inbox", FromStranger),
            "Junk" or "Trash" or "Archive" => (words.Peek(), FromAnn),
            "Drafts" => ("Drafts", ToAnn),
            _ => ("", FromAnn),
        };
        if (folder.Length > 0)
        {
            words.Dequeue();
        }

        var members = $"\"messageId\":\"<{words.Dequeue()}@x>\",{people}";
        if (words.TryDequeue(out var header))
        {
            var ids = string.Join(' ', words.Dequeue().Split(',').Select(id => $"<{id}@x>"));
            members += header == "re" ? $",\"inReplyTo\":\"{ids}\"" : $",\"headers\":{{\"references\":[\"{ids}\"]}}";
        }

        return Webhook.New(folder.Length > 0 ? folder : "Inbox", members);
    }

    /// <summary>The pipeline without its servers: a database that is a dictionary, and batches of one event.</summary>
    private sealed class Conversations
    {
        private readonly MailBook _book = new(maxLinkedContacts: 100, new Redactor(new RedactionOptions()));
        private readonly Dictionary<MessageKey, MessageKey> _table = [];
        private int _freeIds;

        public Conversations() => _book.AddAccount(new AccountRow(Webhook.Account, DateTime.MinValue, -1, null, null));

        public int Rows => _table.Count;

        public Conversations After(IEnumerable<string> events)
        {
            foreach (var json in events)
            {
                _book.FreeIds.Enqueue(++_freeIds);
                var item = Webhook.Item(json);
                World.Match(item);
                _book.Apply(item);
                foreach (var link in _book.Threads.MissingLinks())
                {
                    Assert.True(link.Parent.Bytes.Span.SequenceCompareTo(link.Key.Bytes.Span) < 0);
                    _table.Add(link.Key, link.Parent);
                    _book.Threads.AddStored(link);
                }
            }

            Assert.All(_book.Threads.Mentions, mention => Assert.True(_book.Threads.IsJoined(mention)));
            return this;
        }

        /// <summary>The thread of every activity, by its Message-ID.</summary>
        public SortedDictionary<string, string> Threads() => new(_book.Mails.ToDictionary(mail => mail.MessageId!, mail => Root(mail.MailKey).ToString()), StringComparer.Ordinal);

        /// <summary>The mails by name, those of one thread together.</summary>
        public string Describe() => string.Join(
            ", ",
            _book.Mails.GroupBy(mail => Root(mail.MailKey), mail => mail.MessageId!.Split('@')[0])
                .Select(thread => string.Join(' ', thread.Order(StringComparer.Ordinal)))
                .Order(StringComparer.Ordinal));

        private MessageKey Root(MessageKey key)
        {
            while (_table.TryGetValue(key, out var parent))
            {
                key = parent;
            }

            return key;
        }
    }

    /// <summary>Mails of several conversations, as programs of all kinds write them.</summary>
    private sealed class Correspondence(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<string> _ids = [];
        private readonly List<List<string>> _ancestors = [];

        public IEnumerable<string> Events(int mails)
        {
            for (var n = 0; n < mails; n++)
            {
                var id = $"{n}@{n.ToString(CultureInfo.InvariantCulture)}.example";
                var parent = n > 0 && _random.Next(5) > 0 ? _random.Next(n) : -1;
                List<string> before = parent < 0 ? [] : [.. _ancestors[parent], _ids[parent]];
                _ids.Add(id);
                _ancestors.Add(before);
                yield return Webhook.New(_random.Next(10) == 0 ? "Archive" : "Inbox", $"\"messageId\":\"<{id}>\",{(_random.Next(8) == 0 ? FromStranger : FromAnn)}{Headers(id, before)}");
            }
        }

        private string Headers(string id, List<string> before) => before.Count == 0 ? "" : _random.Next(8) switch
        {
            0 => "", // a program that names nothing
            1 => $",\"inReplyTo\":\"<{before[^1]}>\"", // one without References
            2 => $",\"inReplyTo\":\"Your message of Monday <{before[^1]}>\"",
            3 => $",\"headers\":{{\"references\":[\"{Brackets(before.Skip(before.Count / 2))}\"]}}", // one that cuts the beginning off
            4 => $",\"inReplyTo\":\"<{id}>\",\"headers\":{{\"references\":[\"<{id}> {Brackets(before)}\"]}}", // one that names the mail itself
            _ => $",\"inReplyTo\":\"<{before[^1]}>\",\"headers\":{{\"references\":[\"{Brackets(before)}\"]}}",
        };

        private static string Brackets(IEnumerable<string> ids) => string.Join(' ', ids.Select(id => $"<{id}>"));
    }
}
