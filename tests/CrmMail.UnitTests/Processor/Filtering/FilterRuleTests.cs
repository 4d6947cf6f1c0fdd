using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Filtering;

namespace CrmMail.UnitTests.Processor.Filtering;

/// <summary>The table of the rules: for each the mails that it finds, and mails that look much like them and are others'.</summary>
public sealed class FilterRuleTests
{
    private const string List = "\"list-id\":[\"<team.corp.example>\"],\"list-unsubscribe\":[\"<mailto:leave@corp.example>\"]";
    private const string GoogleGroup = """
        "list-id":["<sales.corp.example>"],"list-unsubscribe":["<mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>, <https://groups.google.com/a/corp.example/group/sales/subscribe>"],
        "list-unsubscribe-post":["List-Unsubscribe=One-Click"],"x-google-group-id":["1234"],"precedence":["list"]
        """;

    private static readonly string[] DeliveryReport = ["multipart/report; report-type=delivery-status; boundary=x", "multipart/report; boundary=x; Report-Type=\\\"delivery-status\\\""];

    // The rule, then what is in data: mails that it finds, and after "not" near misses.
    private static readonly (string Rule, string[] Found, string[] NotFound)[] Mails =
    [
        ("delivery-report",
            [Header("content-type", DeliveryReport[0]), Header("Content-Type", DeliveryReport[1])],
            [Header("content-type", "multipart/report; report-type=disposition-notification"), Header("content-type", "multipart/mixed")]),
        ("delivery-status-part",
            [Attachment("message/delivery-status"), Attachment("Message/Global-Delivery-Status")],
            [Attachment("message/rfc822"), Attachment("text/plain", "delivery-status.txt")]),
        ("emailengine-bounce", ["\"isBounce\":true"], ["\"isBounce\":false", "\"isBounce\":\"true\""]),
        ("failed-recipients", [Header("x-failed-recipients", "nobody@example.org")], [Header("x-failed-recipients", " "), "\"headers\":{\"x-failed-recipients\":[]}"]),
        ("mailer-daemon", [From("MAILER-DAEMON@mx.example.com"), From("mailer-daemon@googlemail.com")], [From("mailer-daemon.fan@example.com"), From("ann@mailer-daemon.example")]),
        ("postmaster-without-return-path",
            [$"{From("postmaster@corp.example")},{Header("return-path", "<>")}", $"{From("postmaster@corp.example")},{Header("return-path", " <> ")}"],
            [From("postmaster@corp.example"), $"{From("postmaster@corp.example")},{Header("return-path", "<postmaster@corp.example>")}", Header("return-path", "<>")]),
        ("calendar-method", [Attachment("text/calendar", "x.ics", "REQUEST"), Attachment("application/ics", "x.ics", "Reply")], [Attachment("text/calendar", "plan.ics"), Attachment("text/calendar", "x.ics", "")]),
        ("calendar-part", [Attachment("text/calendar; charset=utf-8; method=REQUEST"), Attachment("TEXT/CALENDAR;METHOD=CANCEL")], [Attachment("text/calendar; charset=utf-8"), Attachment("text/plain; method=x")]),
        ("calendar-invitation-file", [Attachment("text/calendar", "invite.ics"), Attachment("text/calendar; charset=utf-8", "Invite.ics")], [Attachment("text/calendar", "holidays.ics"), Attachment("text/plain", "invite.ics")]),
        ("calendar-body", [Header("content-type", "text/calendar; method=REQUEST")], [Header("content-type", "text/plain; x=text/calendar"), Header("content-type", "multipart/alternative")]),
        ("calendar-message", [Header("content-class", "urn:content-classes:calendarmessage")], [Header("content-class", "urn:content-classes:message")]),
        ("auto-submitted",
            [Header("auto-submitted", "auto-replied"), Header("Auto-Submitted", "auto-generated"), Header("auto-submitted", "auto-notified; owner-email=\\\"a@x\\\"")],
            [Header("auto-submitted", "no"), Header("auto-submitted", " NO ; x=y"), Header("auto-submitted", ""), $"{Header("auto-submitted", "auto-replied")},\"isBounce\":true", $"{Header("auto-submitted", "auto-generated")},{Attachment("text/calendar", "invite.ics")}"]),
        ("disposition-notification", [Header("content-type", "multipart/report; report-type=disposition-notification; boundary=x")], [Header("content-type", DeliveryReport[0])]),
        ("precedence-auto-reply", [Header("precedence", "auto_reply"), Header("precedence", "Auto-Reply")], [Header("precedence", "bulk"), "\"headers\":{\"precedence\":[\"auto_reply\"],\"auto-submitted\":[\"no\"]}"]),
        ("x-autoreply", [Header("x-autoreply", "yes")], [Header("x-autoreply", "no"), "\"headers\":{\"x-autoreply\":[]}", "\"headers\":{\"x-autoreply\":[\"yes\"],\"auto-submitted\":[\"no\"]}"]),
        ("x-autorespond", [Header("x-autorespond", "Out of office")], [Header("x-autorespond", ""), "\"headers\":{\"x-autorespond\":[\"yes\"],\"auto-submitted\":[\"no\"]}"]),
        ("emailengine-auto-reply", ["\"isAutoReply\":true"], ["\"isAutoReply\":false", $"\"isAutoReply\":true,{Header("auto-submitted", "no")}", "\"isAutoReply\":true,\"isBounce\":true"]),
        ("one-click-unsubscribe", [Header("list-unsubscribe-post", "List-Unsubscribe=One-Click")], [Header("list-unsubscribe-post", "Other=1"), Headers(GoogleGroup)]),
        ("list-unsubscribe", [Header("list-unsubscribe", "<https://news.example/u/1>")], [Headers($"{List},\"list-post\":[\"<mailto:team@corp.example>\"]"), Headers(GoogleGroup), Headers($"{List},\"precedence\":[\"list\"]")]),
        ("list-id",
            [Header("list-id", "News <news.example>"), Headers($"{List},\"list-post\":[\"NO\"]")],
            [Headers($"{List},\"list-post\":[\"<mailto:team@corp.example>\"]"), Headers(GoogleGroup), Header("list-id", "<team.googlegroups.com>"), Headers($"{List},\"mailing-list\":[\"list team@groups.example; contact team+owner@groups.example\"]")]),
        ("list-without-posting", [Header("list-post", "NO"), Header("list-post", " no ")], [Header("list-post", "<mailto:no@corp.example>")]),
        ("precedence-bulk",
            [Header("precedence", "bulk"), Header("precedence", "Junk")],
            [Header("precedence", "list"), Header("precedence", "first-class"), Headers("\"precedence\":[\"bulk\"],\"auto-submitted\":[\"auto-replied\"]"), Headers("\"precedence\":[\"bulk\"],\"mailing-list\":[\"list team@groups.example; contact x\"]")]),
        ("mailchimp", [Header("x-mc-user", "a1b2c3")], [Header("x-mc-user", "")]),
        ("brevo-campaign", [Header("x-mailin-campaign", "17")], [Header("x-mailin-client", "17")]),
        ("constant-contact", [Header("x-roving-id", "110.1")], [Header("x-roving", "110.1")]),
        ("no-reply-sender",
            [From("noreply@shop.example"), From("No-Reply@shop.example"), From("invoices-noreply@shop.example"), From("noreply+17@shop.example"), From("do_not_reply.2@shop.example"), From("drive-shares-dm-noreply@google.example")],
            [From("noreplyan@shop.example"), From("ann@noreply.example"), From("reply@shop.example"), From("nora.reply@shop.example"), From("snoreply@shop.example")]),
        ("x-spam-flag", [Header("x-spam-flag", "YES")], [Header("x-spam-flag", "NO")]),
        ("authentication-results",
            [Header("authentication-results", "mx.corp.example; spf=fail smtp.mailfrom=x; dkim=none"), Header("authentication-results", "mx.corp.example; dkim=fail (bad signature); spf=softfail"), Headers("\"authentication-results\":[\"mx.corp.example; spf=fail; dkim=fail\",\"forged.example; dkim=pass\"]")],
            [Header("authentication-results", "mx.corp.example; spf=fail; dkim=pass"), Header("authentication-results", "mx.corp.example; spf=pass; dkim=fail"), Header("authentication-results", "mx.corp.example; spf=fail"), Headers("\"authentication-results\":[\"mx.corp.example; spf=pass; dkim=pass\",\"other.example; spf=fail; dkim=fail\"]")]),
    ];

    // The same of MailParse, whose mails have no headers.
    private static readonly (string Rule, string[] Found, string[] NotFound)[] TeamMails =
    [
        ("spam-flag", ["\"spam\":{\"score\":9.5,\"flag\":true}"], ["\"spam\":{\"score\":9.5,\"flag\":false}", "\"spam\":{\"flag\":null}", "\"spam\":null"]),
        ("spf-and-dkim-failed",
            ["\"auth\":{\"spf\":\"fail\",\"dkim\":\"fail\"}", "\"auth\":{\"spf\":\"SoftFail\",\"dkim\":\"none\"}"],
            ["\"auth\":{\"spf\":\"fail\",\"dkim\":\"pass\"}", "\"auth\":{\"spf\":\"pass\",\"dkim\":\"fail\"}", "\"auth\":{\"spf\":\"fail\",\"dkim\":null}", "\"auth\":{\"spf\":\"none\",\"dkim\":\"none\"}", "\"auth\":null"]),
        ("delivery-status-part", ["\"attachments\":[{\"content_type\":\"message/delivery-status\"}]"], ["\"attachments\":[{\"content_type\":null}]"]),
        ("calendar-invitation-file", ["\"attachments\":[{\"filename\":\"invite.ics\",\"content_type\":\"text/calendar\"}]"], ["\"attachments\":[{\"filename\":\"plan.ics\",\"content_type\":\"text/calendar\"}]"]),
        ("no-reply-sender", ["\"envelope\":{\"from\":{\"email\":\"no-reply@shop.example\"}}"], ["\"envelope\":{\"from\":{\"email\":\"ann@shop.example\"}}", "\"envelope\":{\"from\":{\"email\":\"no-reply\"}}"]),
    ];

    public static TheoryData<string, string> Found() => [.. Cases(found: true)];

    public static TheoryData<string, string> NearMisses() => [.. Cases(found: false)];

    [Theory]
    [MemberData(nameof(Found))]
    public void A_rule_finds_its_mails(string rule, string members) => Assert.Contains(rule, RulesOf(members));

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void A_rule_does_not_find_what_looks_like_them(string rule, string members) => Assert.DoesNotContain(rule, RulesOf(members));

    [Fact]
    public void Every_rule_has_a_mail_and_a_near_miss()
    {
        var rules = FilterTable.Embedded.Rules.Select(rule => rule.Name).ToHashSet();
        Assert.Equal(rules, Cases(found: true).Select(row => row.Item1).ToHashSet());
        Assert.Equal(rules, Cases(found: false).Select(row => row.Item1).ToHashSet());
    }

    [Theory]
    [InlineData("\"headers\":{}", "")]
    [InlineData("\"headers\":{\"list-id\":[\"<sales.corp.example>\"],\"x-google-group-id\":[\"1\"],\"precedence\":[\"list\"],\"list-unsubscribe\":[\"<x>\"]}", "")] // A person's mail through a Google Group.
    [InlineData("\"headers\":{\"auto-submitted\":[\"auto-replied\"],\"precedence\":[\"bulk\"]}", "auto-reply")]
    [InlineData("\"from\":{\"address\":\"noreply@news.example\"},\"headers\":{\"list-unsubscribe\":[\"<x>\"]}", "bulk no-reply")]
    [InlineData("\"from\":{\"address\":\"MAILER-DAEMON@x\"},\"isBounce\":true,\"isAutoReply\":true,\"headers\":{\"auto-submitted\":[\"auto-replied\"]}", "bounce")]
    [InlineData("\"from\":{\"address\":\"calendar-noreply@x\"},\"attachments\":[{\"contentType\":\"text/calendar\",\"method\":\"REQUEST\"}],\"headers\":{\"auto-submitted\":[\"auto-generated\"]}", "no-reply calendar")]
    [InlineData("\"headers\":{\"x-spam-flag\":[\"YES\"],\"precedence\":[\"bulk\"]}", "bulk unverified")]
    public void A_mail_has_the_tags_of_all_rules_that_find_it(string members, string tags) =>
        Assert.Equal(tags, string.Join(' ', Webhook.DecodeMail(members).Filters.Tags.ToList().Select(tag => tag.ToText())));

    [Fact]
    public void To_look_at_headers_allocates_nothing()
    {
        var body = Encoding.UTF8.GetBytes($$"""
            {"list-unsubscribe":["<https://news.example/\u0031>"],"precedence":"bulk","subject":["x"],"authentication-results":["mx; spf=fail; dkim=none"],"auto-submitted":["{{new string('x', 10_000)}}"]}
            """);
        Assert.False(Look(body).IsEmpty);

        // In some rounds the pool of buffers is filled, at first and after the garbage collector has emptied it.
        Assert.Contains(0L, Enumerable.Range(0, 20).Select(_ => AllocatedBy(body)).ToList());
    }

    private static long AllocatedBy(byte[] body)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 100; n++)
        {
            FilterTable.Embedded.Match(Look(body));
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static MailSigns Look(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        var signs = default(MailSigns);
        for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName; reader.Read(), reader.Skip())
        {
            signs = signs.With(FilterTable.Embedded.SignsInHeader(reader));
        }

        return signs;
    }

    private static IEnumerable<(string, string)> Cases(bool found) =>
        Mails.Concat(TeamMails.Select(row => (row.Rule, Found: Marked(row.Found), NotFound: Marked(row.NotFound))))
            .SelectMany(row => found ? row.Found : row.NotFound, (row, members) => (row.Rule, members));

    /// <summary>So that a case is one text, those of MailParse are marked.</summary>
    private static string[] Marked(string[] members) => [.. members.Select(text => $"team:{text}")];

    private static string[] RulesOf(string members)
    {
        var mail = members.StartsWith("team:", StringComparison.Ordinal) ? TeamMail.DecodeMail(members[5..]) : Webhook.DecodeMail(members);
        return FilterTable.Embedded.NamesOf(mail.Filters.Rules);
    }

    private static string Headers(string members) => $"\"headers\":{{{members}}}";

    private static string Header(string name, string value) => Headers($"\"{name}\":[\"{value}\"]");

    private static string From(string address) => $"\"from\":{{\"name\":\"\",\"address\":\"{address}\"}}";

    private static string Attachment(string type, string name = "", string? method = null) =>
        string.Create(CultureInfo.InvariantCulture, $"\"attachments\":[{{\"id\":\"1\",\"contentType\":\"{type}\",\"filename\":\"{name}\"{(method is null ? "" : $",\"method\":\"{method}\"")}}}]");
}
