using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Filtering;

namespace CrmMail.UnitTests.Processor;

/// <summary>Webhooks of a mailbox called amy, and what the first stages make of them.</summary>
internal static class Webhook
{
    public const string Account = "amy";

    public static readonly DateTimeOffset ReceivedAt = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static int _offset;

    /// <summary>A messageNew in that folder; the members are those of <c>data</c> besides, as JSON.</summary>
    public static string New(string specialUse, string members, string date = "2026-06-01T11:59:00.000Z") =>
        $$$"""{"account":"{{{Account}}}","date":"{{{date}}}","event":"messageNew","data":{"id":"{{{specialUse}}}","path":"{{{specialUse}}}","messageSpecialUse":"\\{{{specialUse}}}",{{{members}}}}}""";

    /// <summary>Another event.</summary>
    public static string Of(string name, string members, string date = "2026-06-01T11:59:00.000Z") =>
        $$$"""{"account":"{{{Account}}}","date":"{{{date}}}","event":"{{{name}}}","data":{{{{members}}}}}""";

    public static MailEvent Decode(string json) => MailEventDecoder.Decode(Encoding.UTF8.GetBytes(json), ReceivedAt);

    public static SeenMail DecodeMail(string members) => Assert.IsType<SeenMail>(Decode(New("Inbox", members)).Content);

    /// <summary>Decoded and classified.</summary>
    public static BatchItem Item(string json, string? eventId = null, FilterPolicy? filters = null)
    {
        var offset = Interlocked.Increment(ref _offset);
        Assert.True(EventId.TryParse(eventId ?? $"event-{offset}", out var id));
        Assert.True(AccountId.TryParse(Account, out var account));
        var record = new ConsumeResult<byte[], byte[]>
        {
            Topic = MailTopics.Events,
            Partition = 3,
            Offset = offset,
            Message = new Message<byte[], byte[]> { Value = Encoding.UTF8.GetBytes(json) },
        };
        var decoded = Decode(json);
        var headers = new MailEventHeaders(
            MailSource.EmailEngine, decoded.Name, id, ReceivedAt, CorrelationId.Of(MailSource.EmailEngine, account, id));
        var item = new BatchItem(new EventRecord(record, headers), decoded);
        new ClassifyStage(filters ?? new FilterPolicy(new FilterOptions())).Classify(item);
        return item;
    }
}
