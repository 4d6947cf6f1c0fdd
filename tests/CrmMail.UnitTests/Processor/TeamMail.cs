using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Filtering;

namespace CrmMail.UnitTests.Processor;

/// <summary>Mails at a team address, as MailParse tells of them, and what the first stages make of them.</summary>
internal static class TeamMail
{
    public const string Inbox = "mailparse:support";

    public static readonly DateTimeOffset ReceivedAt = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static int _offset;

    public static MailEvent Decode(string json, string name = "mail", string key = Inbox) =>
        MailParseDecoder.Decode(name, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json), ReceivedAt);

    /// <summary>The mail of these members.</summary>
    public static SeenMail DecodeMail(string members) => Assert.IsType<SeenMail>(Decode($"{{{members}}}").Content);

    /// <summary>Decoded and classified.</summary>
    public static BatchItem Item(string members)
    {
        var offset = Interlocked.Increment(ref _offset);
        Assert.True(EventId.TryParse($"mail-{offset}", out var id));
        var record = new ConsumeResult<byte[], byte[]>
        {
            Topic = MailTopics.Events,
            Partition = 4,
            Offset = offset,
            Message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(Inbox) },
        };
        var headers = new MailEventHeaders(
            MailSource.MailParse, "mail", id, ReceivedAt, CorrelationId.Of(MailSource.MailParse, AccountId.Parse(Inbox), id));
        var item = new BatchItem(new EventRecord(record, headers), Decode($"{{{members}}}"));
        new ClassifyStage(new FilterPolicy(new FilterOptions())).Classify(item);
        return item;
    }
}
