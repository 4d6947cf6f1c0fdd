using System.Globalization;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Writing;
using CrmMail.UnitTests.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Writing;

public sealed class MailBookTests
{
    private const string FromAnn = "\"from\":{\"name\":\"Ann\",\"address\":\"ann@customer.example\"}";
    private const string FromAmy = "\"from\":{\"name\":\"Amy\",\"address\":\"amy@corp.example\"}";
    private const string ToAnn = "\"to\":[{\"name\":\"Ann\",\"address\":\"ann@customer.example\"}]";
    private const string Sent1 = "\"messageId\":\"<sent-1@corp.example>\"";

    private static readonly string Delivered = Webhook.Of("messageSent", $"{Sent1},\"queueId\":\"q\",\"response\":\"250 ok\",\"envelope\":{{\"from\":\"amy@corp.example\",\"to\":[\"ann@customer.example\",\"bob@customer.example\"]}}");
    private static readonly string SentCopy = Webhook.New("Sent", $"{Sent1},\"subject\":\"Offer\",{FromAmy},{ToAnn}");

    [Theory]
    [InlineData("Inbox", "\"messageId\":\"<1@x>\"," + FromAnn, "activity")]
    [InlineData("Inbox", "\"emailId\":\"7\"," + FromAnn, "activity")]
    [InlineData("Inbox", FromAnn, "NoMessageId")]
    [InlineData("Inbox", "\"messageId\":\"<1@x>\",\"from\":{\"address\":\"stranger@x.example\"}", "NoContact")]
    [InlineData("Drafts", "\"messageId\":\"<1@x>\"," + ToAnn, "Drafts")]
    [InlineData("Junk", "\"messageId\":\"<1@x>\"," + FromAnn, "Junk")]
    [InlineData("Trash", "\"messageId\":\"<1@x>\"," + FromAnn, "Trash")]
    [InlineData("Sent", "\"messageId\":\"<1@x>\"," + FromAmy + "," + ToAnn, "activity")]
    public void A_mail_is_an_activity_or_a_skip_with_its_reason(string folder, string members, string outcome) =>
        Assert.Equal(outcome, Outcomes(Book(), Webhook.New(folder, members)).Single());

    [Fact]
    public void A_mail_that_comes_again_from_another_folder_is_one_activity_in_the_folder_where_it_was_seen_last()
    {
        var book = Book();
        const string Mail = "\"messageId\":\"<1@x>\"," + FromAnn;

        var outcomes = Outcomes(
            book,
            Webhook.New("Inbox", Mail, "2026-06-01T10:00:00.000Z"),
            Webhook.New("Archive", Mail, "2026-06-01T11:00:00.000Z"),
            Webhook.New("Inbox", Mail, "2026-06-01T10:30:00.000Z"),
            Webhook.Of("messageDeleted", "\"id\":\"Inbox\""));

        Assert.Equal(["activity", "KnownMail", "KnownMail", "MailboxChange"], outcomes);
        Assert.Equal("Archive", Assert.Single(book.Mails).Folder!.Path);
    }

    [Fact]
    public void Junk_that_is_moved_to_the_inbox_becomes_an_activity()
    {
        const string Mail = "\"messageId\":\"<1@x>\"," + FromAnn;

        Assert.Equal(["Junk", "activity"], Outcomes(Book(), Webhook.New("Junk", Mail), Webhook.New("Inbox", Mail)));
    }

    [Fact]
    public void A_draft_that_is_sent_is_an_activity_with_the_recipients_of_the_mail_and_not_of_the_draft()
    {
        var book = Book();

        Outcomes(book, Webhook.New("Drafts", $"{Sent1},\"to\":[{{\"address\":\"bob@customer.example\"}}]"), SentCopy);

        Assert.Equal("ann to", World.Text(Assert.Single(book.Mails).Links.Added));
    }

    [Fact]
    public void Any_known_key_finds_the_mail()
    {
        var book = Book();

        var outcomes = Outcomes(
            book,
            Webhook.New("Sent", $"\"messageId\":\"<ours@x>\",{FromAmy},{ToAnn}"),
            Webhook.Of("messageSent", "\"messageId\":\"<theirs@x>\",\"originalMessageId\":\"<ours@x>\",\"envelope\":{\"to\":[\"ann@customer.example\"]}"),
            Webhook.New("Sent", $"\"messageId\":\"<theirs@x>\",\"emailId\":\"7\",{FromAmy},{ToAnn}"),
            Webhook.New("All", $"\"emailId\":\"7\",\"labels\":[\"\\\\Sent\"],{FromAmy},{ToAnn}"));

        Assert.Equal(["activity", "DeliveryReport", "KnownMail", "KnownMail"], outcomes);
        Assert.Equal(3, Assert.Single(book.Mails).NewKeys.Count);
    }

    [Theory]
    [InlineData("messageBounce", "bounced")]
    [InlineData("messageFailed", "failed")]
    [InlineData("messageDeliveryError", "sent")] // a later try went through
    public void A_report_marks_the_sent_mail_in_whatever_order_they_come(string report, string status)
    {
        string[] events = [Delivered, SentCopy, Webhook.Of(report, $"{Sent1},\"recipient\":\"ann@customer.example\",\"error\":\"no\"")];
        var results = Orders(events).Select(order =>
        {
            var book = Book();
            Outcomes(book, [.. order]);
            return Describe(Assert.Single(book.Mails));
        });

        Assert.Equal($"sent, Offer, complete, {status}, in Sent, ann to, bob to", Assert.Single(results.Distinct()));
    }

    [Fact]
    public void A_report_alone_makes_no_activity_and_is_kept_for_the_mail()
    {
        var book = Book();

        Assert.Equal(["DeliveryReport"], Outcomes(book, Webhook.Of("messageBounce", Sent1)));

        Assert.Empty(book.Mails);
        Assert.Equal(SentStatus.Bounced, Assert.Single(book.NewReports).Value.Status);
    }

    [Theory]
    [InlineData("messageBounce")]
    [InlineData("messageSent")]
    public void A_report_without_any_id_is_a_skip(string report) => Assert.Equal(["NoMessageId"], Outcomes(Book(), Webhook.Of(report, "\"queueId\":\"q\"")));

    [Fact]
    public void A_bounce_of_a_mail_that_came_marks_nothing()
    {
        var book = Book();

        Outcomes(book, Webhook.New("Inbox", "\"messageId\":\"<1@x>\"," + FromAnn), Webhook.Of("messageBounce", "\"messageId\":\"<1@x>\""));

        Assert.Null(Assert.Single(book.Mails).Delivery);
    }

    [Fact]
    public void A_mail_known_by_messageSent_alone_is_on_the_timeline()
    {
        var book = Book();

        Assert.Equal(["activity"], Outcomes(book, Delivered));

        Assert.Equal("sent, , incomplete, sent, in no folder, ann to, bob to", Describe(Assert.Single(book.Mails)));
    }

    [Theory]
    [InlineData("10:00", "Inbox 10:00 from ann", "Archive - from ann")] // without a date: received at 12:00
    [InlineData("10:00", "Inbox 10:00 from ann", "Archive 10:00 from ann", "Inbox 11:00 from ann")]
    [InlineData("10:03", "messageSent 10:05 to ann", "Sent 10:03 to ann")]
    [InlineData("10:05", "messageSent 10:05 to ann", "Sent 10:07 to ann", "messageSent 10:06 to bob")]
    [InlineData("10:05", "messageSent 10:05 to ann", "Sent - to ann")]
    [InlineData("10:00", "Inbox 10:00 from ann", "Trash 09:00 from ann", "Drafts 09:00 from ann")] // what makes no activity when it comes first
    [InlineData("10:05", "messageSent 10:05 to ann", "Sent 10:03 to stranger")]
    public void The_place_on_the_timeline_is_the_earliest_time_that_an_event_tells_whatever_the_order(string place, params string[] events)
    {
        var places = Orders([.. events.Select(Told)]).Select(order =>
        {
            var book = Book();
            Outcomes(book, [.. order]);
            return Assert.Single(book.Mails).OccurredAt.ToString("HH:mm", CultureInfo.InvariantCulture);
        });

        Assert.Equal(place, Assert.Single(places.Distinct()));
    }

    [Theory]
    [InlineData("10:04", true)]
    [InlineData("10:06", false)]
    public void A_stored_mail_moves_into_the_past_only(string told, bool moves)
    {
        var book = Book();
        Assert.True(MessageKey.TryFromMessageId("sent-1@corp.example", out var key));
        var stored = new Mail(99, Webhook.Account, key, Direction.Sent, "emailengine", "earlier", new DateTime(2026, 6, 1, 10, 5, 0, DateTimeKind.Utc), "{}");
        book.AddStored(stored);
        book.AddStoredKey(Webhook.Account, key, stored);

        Assert.Equal(["KnownMail"], Outcomes(book, Told($"Sent {told} to ann")));

        Assert.Equal(moves, stored.IsPlaceChanged);
        Assert.Equal(moves ? told : "10:05", stored.OccurredAt.ToString("HH:mm", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(false, "bob@customer.example: 550 no such user")]
    [InlineData(true, null)]
    public void What_a_server_says_of_a_mail_is_kept_unless_a_person_was_erased_from_it(bool isRedacted, string? detail)
    {
        var book = Book();
        Assert.True(MessageKey.TryFromMessageId("sent-1@corp.example", out var key));
        var stored = new Mail(99, Webhook.Account, key, Direction.Sent, "emailengine", "earlier", new DateTime(2026, 6, 1, 10, 5, 0, DateTimeKind.Utc), "{}") { IsRedacted = isRedacted };
        book.AddStored(stored);
        book.AddStoredKey(Webhook.Account, key, stored);

        Outcomes(book, Webhook.Of("messageBounce", $"{Sent1},\"recipient\":\"bob@customer.example\",\"action\":\"failed\",\"response\":{{\"message\":\"550 no such user\"}}"));

        Assert.Equal((SentStatus.Bounced, detail), (stored.Delivery!.Status, stored.Delivery.Detail));
        Assert.Equal((SentStatus.Bounced, detail), (book.NewReports.Single().Value.Status, book.NewReports.Single().Value.Detail));
    }

    [Fact]
    public void A_reply_may_come_before_the_mail_that_it_answers_and_both_are_one_thread()
    {
        var book = Book();

        Outcomes(book, Webhook.New("Inbox", $"\"messageId\":\"<reply@x>\",\"inReplyTo\":\"<sent-1@corp.example>\",{FromAnn}"), SentCopy);

        Assert.Single(book.Mails.Select(mail => mail.NewContent!.ThreadKey).Distinct());
    }

    [Fact]
    public void The_same_event_twice_in_a_batch_is_counted_once()
    {
        var book = Book();
        var mail = Webhook.New("Inbox", "\"messageId\":\"<1@x>\"," + FromAnn);
        var skip = Webhook.New("Inbox", "\"messageId\":\"<2@x>\",\"from\":{\"address\":\"stranger@x.example\"}");
        BatchItem[] items = [Webhook.Item(mail, "a"), Webhook.Item(skip, "b"), Webhook.Item(mail, "a"), Webhook.Item(skip, "b")];

        var outcomes = items.Select(item => Apply(book, item)).ToArray();

        Assert.Equal([false, false, true, true], outcomes.Select(outcome => outcome.IsRepeated));
        var account = Assert.Single(book.Accounts);
        Assert.Equal((1, 0, 1), (account.NewIncoming, account.NewSent, account.NewSkipped));
        Assert.Single(book.Skips.Changed);
    }

    [Theory]
    [InlineData("accountAdded 10:00, accountInitialized 10:02, authenticationError 10:01", "connected", "no")]
    [InlineData("authenticationError 10:03, accountInitialized 10:02", "authentication-error", "no")]
    [InlineData("accountDeleted 10:05, authenticationSuccess 10:04", "deleted", null)]
    [InlineData("connectError 10:00, authenticationSuccess 10:00", "connected", "no")] // the same instant: the order in Kafka
    public void The_latest_event_decides_the_state_whatever_the_order_of_arrival(string events, string state, string? error)
    {
        var book = Book();
        foreach (var told in events.Split(", "))
        {
            var (name, at) = (told.Split(' ')[0], told.Split(' ')[1]);
            Assert.Equal(["AccountEvent"], Outcomes(book, Webhook.Of(name, "\"response\":\"no\"", $"2026-06-01T{at}:00.000Z")));
        }

        var account = Assert.Single(book.Accounts);
        Assert.Equal(state, account.NewState!.Value.State.ToText());
        Assert.Equal(error, account.NewError?.Error);
    }

    [Theory]
    [InlineData("amy@corp.example", "amy@corp.example")]
    [InlineData("CORP\\amy", null)]
    [InlineData("@corp.example", null)]
    [InlineData("", null)]
    public void A_login_that_is_an_address_is_learned(string login, string? address)
    {
        var book = Book();

        Outcomes(book, Webhook.Of("authenticationSuccess", $"\"user\":\"{login.Replace("\\", "\\\\", StringComparison.Ordinal)}\""));

        Assert.Equal(address, Assert.Single(book.Accounts).NewAddresses.SingleOrDefault()?.Value);
    }

    /// <summary>An event about one mail, as "folder date from or to somebody"; of messageSent the date is that of the event.</summary>
    private static string Told(string text)
    {
        var words = text.Split(' ');
        var (at, who) = ($"2026-06-01T{words[1]}:00.000Z", $"{words[3]}@customer.example");
        var people = words[2] == "to" ? $"{FromAmy},\"to\":[{{\"address\":\"{who}\"}}]" : $"\"from\":{{\"address\":\"{who}\"}}";
        return words[0] == "messageSent"
            ? Webhook.Of("messageSent", $"{Sent1},\"envelope\":{{\"to\":[\"{who}\"]}}", at)
            : Webhook.New(words[0], $"{Sent1},\"date\":\"{(words[1] == "-" ? "" : at)}\",{people}");
    }

    [Theory]
    [InlineData("9999-12-31", true)]
    [InlineData("2026-06-01 12:00:00.000001", true)]
    [InlineData("2026-06-01 12:00:00", false)]
    [InlineData("2026-06-01 11:59:59", false)]
    [InlineData(null, false)]
    public void What_was_received_before_an_account_was_removed_changes_nothing_of_it(string? forgottenBefore, bool isForgotten)
    {
        var book = Book(forgottenBefore is null ? null : DateTime.Parse(forgottenBefore, null));
        string[] events =
        [
            Webhook.New("Inbox", "\"messageId\":\"<1@x>\"," + FromAnn), SentCopy, Delivered,
            Webhook.Of("messageFailed", $"{Sent1},\"error\":\"no\""), Webhook.Of("authenticationError", "\"response\":\"no\""),
        ];

        var outcomes = Outcomes(book, events);

        Assert.Equal(isForgotten, outcomes.All(outcome => outcome == "AccountDeleted"));
        Assert.Equal(isForgotten, book.Mails.Count == 0 && book.NewReports.Count == 0);
        var account = Assert.Single(book.Accounts);
        Assert.Equal(isForgotten, account is { NewState: null, NewError: null, LastEventAt: null, NewIncoming: 0, NewSent: 0 });
    }

    /// <summary>Two events of one mail that know different headers, and one in the trash that knows most of all.</summary>
    [Fact]
    public void A_mail_has_the_tags_of_all_its_events_whatever_their_order()
    {
        const string Mail = "\"messageId\":\"<1@x>\"," + FromAnn;
        string[] events =
        [
            Webhook.New("Inbox", Mail),
            Webhook.New("Archive", Mail + ",\"headers\":{\"list-unsubscribe\":[\"<x>\"]}"),
            Webhook.New("Later", Mail + ",\"headers\":{\"precedence\":[\"bulk\"],\"x-spam-flag\":[\"YES\"]}"),
            Webhook.New("Trash", Mail + ",\"isBounce\":true"),
        ];
        Assert.All(Orders(events), order =>
        {
            var book = Book();
            Outcomes(book, [.. order]);

            var tags = Assert.Single(book.Mails).Tags;
            Assert.Equal([MailTag.Bulk, MailTag.Unverified], tags.Tags.ToList());
            Assert.Equal("list-unsubscribe precedence-bulk x-spam-flag", tags.Rules);
        });
    }

    [Fact]
    public void What_is_stored_of_the_tags_is_written_again_only_when_there_are_more()
    {
        var tags = new TagSet();
        tags.AddStored(default(MailTags).With(MailTag.Bulk), ["list-id"]);
        tags.Add(default(MailTags).With(MailTag.Bulk), ["list-id"]);
        Assert.False(tags.IsChanged);
        tags.Add(default(MailTags).With(MailTag.Bulk), ["brevo-campaign"]);
        Assert.True(tags.IsChanged);
        Assert.Equal("brevo-campaign list-id", tags.Rules);
        tags.Add(default(MailTags).With(MailTag.Bulk), ["list-id"]);
        Assert.True(tags.IsChanged);
    }

    /// <summary>The event that is dropped ends alike in every order, and tells nothing: neither folder nor tags nor keys.</summary>
    [Fact]
    public void What_is_dropped_tells_nothing_of_the_mail_whatever_the_order()
    {
        var dropBulk = new FilterPolicy(new FilterOptions { Actions = { ["bulk"] = "drop" } });
        const string Mail = "\"messageId\":\"<1@x>\"," + FromAnn;
        string[] events =
        [
            Webhook.New("Inbox", Mail),
            Webhook.New("Archive", Mail + ",\"emailId\":\"7\",\"headers\":{\"list-unsubscribe\":[\"<x>\"]}", "2026-06-02T00:00:00.000Z"),
        ];
        Assert.All(Orders(events), order =>
        {
            var book = Book();
            var outcomes = order.ToDictionary(json => json.Contains("Inbox", StringComparison.Ordinal) ? "inbox" : "archive", json => Apply(book, Webhook.Item(json, filters: dropBulk)).Skip);

            Assert.Equal((null, SkipReason.FilteredBulk), (outcomes["inbox"], outcomes["archive"]));
            var mail = Assert.Single(book.Mails);
            Assert.Equal(("Inbox", 1, true), (mail.Folder!.Path, mail.NewKeys.Count, mail.Tags.Tags.IsEmpty));
        });
    }

    [Fact]
    public void An_event_that_made_an_activity_before_it_was_to_be_dropped_keeps_it_until_a_rebuild()
    {
        var book = Book();
        var json = Webhook.New("Inbox", "\"messageId\":\"<1@x>\",\"headers\":{\"list-unsubscribe\":[\"<x>\"]}," + FromAnn);
        Apply(book, Webhook.Item(json, "event"));

        var outcome = Apply(book, Webhook.Item(json, "event", new FilterPolicy(new FilterOptions { Actions = { ["bulk"] = "drop" } })));

        Assert.Equal(new Outcome(null, IsRepeated: true), outcome);
        Assert.Empty(book.Skips.Changed);
    }

    [Fact]
    public void Internal_mail_is_a_skip_also_when_messageSent_tells_of_it()
    {
        var inside = new FilterPolicy(new FilterOptions { OwnDomains = { "corp.example", "customer.example" } });
        var book = Book();

        Assert.Equal([SkipReason.Internal, SkipReason.Internal], new[] { Delivered, SentCopy }.Select(json => Apply(book, Webhook.Item(json, filters: inside)).Skip));
        Assert.Empty(book.Mails);
    }

    private static MailBook Book(DateTime? forgottenBefore = null)
    {
        var book = new MailBook(maxLinkedContacts: 100, new Redactor(new RedactionOptions()));
        book.AddAccount(new AccountRow(Webhook.Account, DateTime.MinValue, -1, null, null, forgottenBefore));
        for (var id = 1; id <= 10; id++)
        {
            book.FreeIds.Enqueue(id);
        }

        return book;
    }

    private static string[] Outcomes(MailBook book, params string[] events) =>
        [.. events.Select(json => Apply(book, Webhook.Item(json)).Skip?.ToString() ?? "activity")];

    private static Outcome Apply(MailBook book, BatchItem item)
    {
        World.Match(item);
        return book.Apply(item);
    }

    private static string Describe(Mail mail) => string.Join(
        ", ",
        mail.Direction.ToText(),
        mail.NewContent!.Subject,
        mail.NewContent.IsComplete ? "complete" : "incomplete",
        mail.Delivery?.Status.ToText(),
        $"in {mail.Folder?.Path ?? "no folder"}",
        World.Text(mail.Links.Added.OrderBy(link => World.Text([link]), StringComparer.Ordinal)));

    private static IEnumerable<IEnumerable<string>> Orders(string[] events) =>
        events.Length == 1 ? [events] : events.SelectMany((first, n) => Orders([.. events[..n], .. events[(n + 1)..]]).Select(rest => rest.Prepend(first)));
}
