using System.Text.Json;
using System.Text.Json.Nodes;
using CrmMail.Api.Reconciliation;
using CrmMail.Contracts;
using CrmMail.Processor.Decoding;
using CrmMail.UnitTests.Processor;

namespace CrmMail.UnitTests.Api.Reconciliation;

/// <summary>The event that is made for a missing mail, held against what a real EmailEngine sent for such mails.</summary>
public sealed class MissingMailEventTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");

    // What only webhooks have: EmailEngine's guesses at the moment of arrival.
    private static readonly string[] OnlyInWebhooks = ["seemsLikeNew", "isBounce", "relatedMessageId"];

    public static TheoryData<string> Mails() => [.. Recording.All.Where(recording => recording.Name.EndsWith("messageNew", StringComparison.Ordinal)).Select(recording => recording.Name)];

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_is_understood_as_the_webhook_was(string name)
    {
        var webhook = Recording.All.Single(recording => recording.Name == name).Body;
        var body = Rebuild(webhook);

        Assert.Equal(Understood(webhook), Understood(body));
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_has_the_members_of_the_webhook_in_their_order(string name)
    {
        var webhook = JsonNode.Parse(Recording.All.Single(recording => recording.Name == name).Body)!;
        var body = JsonNode.Parse(Rebuild(Recording.All.Single(recording => recording.Name == name).Body))!;

        Assert.Equal(Names(webhook).Except(["serviceUrl"]), Names(body));
        Assert.Equal(Names(webhook["data"]!).Except(OnlyInWebhooks).Order(StringComparer.Ordinal), Names(body["data"]!).Order(StringComparer.Ordinal));
        Assert.Equal(webhook["date"]!.GetValue<string>(), body["date"]!.GetValue<string>());
    }

    [Fact]
    public void Text_that_is_no_valid_UTF_16_goes_through_as_it_is()
    {
        using var mail = JsonDocument.Parse("""{"id":"A","subject":"cut \ud83d","messageId":"<1@x.example>"}""");
        var body = MissingMailEvent.BodyOf(Amy, "INBOX", @"\Inbox", mail.RootElement, DateTimeOffset.UnixEpoch);
        Assert.Equal(
            """{"account":"amy","date":"1970-01-01T00:00:00.000Z","path":"INBOX","specialUse":"\\Inbox","event":"messageNew","data":{"id":"A","subject":"cut \ud83d","messageId":"\u003C1@x.example\u003E","path":"INBOX","specialUse":"\\Inbox"}}"""
                .Replace(@"\u003C", "<", StringComparison.Ordinal).Replace(@"\u003E", ">", StringComparison.Ordinal),
            System.Text.Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void An_event_is_the_same_for_a_mail_and_a_folder_and_no_other()
    {
        MessageKey.TryFromMessageId("<1@x.example>", out var one);
        MessageKey.TryFromMessageId("<2@x.example>", out var two);
        var ids = new[] { (one!, "INBOX"), (one!, "Clients"), (two!, "INBOX") }.Select(mail => MissingMailEvent.IdOf(mail.Item1, mail.Item2)).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids[0], MissingMailEvent.IdOf(MessageKey.FromBytes(one!.Bytes.Span), "INBOX"));
        Assert.All(ids, id => Assert.Matches("^reconcile:[0-9a-f]{64}$", id.Value));
    }

    /// <summary>Turns the webhook into what EmailEngine answers when the mail is read, and that into an event.</summary>
    private static byte[] Rebuild(byte[] webhook)
    {
        var sent = JsonNode.Parse(webhook)!;
        var data = sent["data"]!.DeepClone().AsObject();
        foreach (var name in OnlyInWebhooks)
        {
            data.Remove(name);
        }

        data["bounces"] = new JsonArray();
        using var mail = JsonDocument.Parse(data.ToJsonString());
        return MissingMailEvent.BodyOf(Amy, sent["path"]!.GetValue<string>(), sent["specialUse"]?.GetValue<string>(), mail.RootElement, sent["date"]!.GetValue<DateTimeOffset>());
    }

    private static string Understood(byte[] body)
    {
        var decoded = MailEventDecoder.Decode(body, DateTimeOffset.UnixEpoch);
        var mail = Assert.IsType<SeenMail>(decoded.Content);
        var folder = mail.Folder;
        return string.Join('\n', decoded.Account, decoded.Name, decoded.At.ToString("O"), Convert.ToHexString(mail.ConcatenatedKeys()), mail.OccurredAt.ToString("O"),
            mail.Text, mail.Participants.ToJson(), mail.OriginalFrom, mail.IsFromList, folder.RemoteId, folder.Path, folder.SpecialUse, string.Join(',', folder.Labels), folder.IsDraft);
    }

    private static IEnumerable<string> Names(JsonNode json) => json.AsObject().Select(member => member.Key);
}
