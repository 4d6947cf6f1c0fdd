using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;

namespace CrmMail.UnitTests.Processor.DeadLetters;

public sealed class DeadLetterTests
{
    private static readonly DateTime Now = new(2026, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_dead_letter_is_the_record_as_it_was_and_why()
    {
        var record = Record(("source", "emailengine"), ("event-id", "e-1"), ("of-a-foreign-tool", "kept"));

        var message = Letter(record).ToMessage("group");

        Assert.Same(record.Message.Key, message.Key);
        Assert.Same(record.Message.Value, message.Value);
        Assert.Equal(
            [
                "source=emailengine", "event-id=e-1", "of-a-foreign-tool=kept", "dlq.reason=schema", "dlq.exception.type=BadRecordException",
                "dlq.exception.message=\"data\" is missing (byte 17).", "dlq.original.topic=mail.events", "dlq.original.partition=3", "dlq.original.offset=17",
                "dlq.original.timestamp=2026-06-01T11:00:00.0000000Z", "dlq.original.group=group", "dlq.failed_at=2026-06-01T12:00:00.0000000Z",
                "dlq.first_failed_at=2026-06-01T12:00:00.0000000Z", "dlq.attempt=1", $"dlq.fingerprint={Letter(record).Fingerprint}",
            ],
            Texts(message.Headers).Where(text => !text.StartsWith("dlq.app_version=", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_that_was_put_back_counts_its_attempts_and_keeps_the_time_of_the_first()
    {
        var again = Record(("dlq.attempt", "2"), ("dlq.first_failed_at", "2026-05-01T00:00:00.0000000Z"), ("dlq.reason", "decode"));

        var letter = Letter(again);

        Assert.Equal(3, letter.Attempt);
        Assert.Equal(new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc), letter.FirstFailedAt);
        Assert.Single(letter.ToMessage("group").Headers, header => header.Key == "dlq.reason");
    }

    [Fact]
    public void How_it_was_put_back_stays_with_it()
    {
        var letter = Letter(Record(("dlq.requeue.count", "2"), ("dlq.requeue.by", "operator"), ("dlq.requeue.id", "a-run"), ("dlq.requeue.at", "2026-05-01T00:00:00.0000000Z")));

        Assert.Equal(2, letter.Requeues);
        Assert.Equal(
            ["dlq.requeue.count=2", "dlq.requeue.by=operator", "dlq.requeue.id=a-run", "dlq.requeue.at=2026-05-01T00:00:00.0000000Z"],
            Texts(letter.ToMessage("group").Headers).Where(text => text.StartsWith("dlq.requeue.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("dlq.attempt", "-7")]
    [InlineData("dlq.attempt", "many")]
    [InlineData("dlq.attempt", "2147483648")]
    [InlineData("dlq.first_failed_at", "yesterday")]
    [InlineData("dlq.first_failed_at", "2026-05-01T00:00:00.0000000+02:00")]
    [InlineData("dlq.first_failed_at", null)]
    public void What_a_foreign_tool_wrote_into_our_headers_is_no_fault(string header, string? value)
    {
        var letter = Letter(Record((header, value)));

        Assert.Equal((1, Now), (letter.Attempt, letter.FirstFailedAt));
    }

    [Fact]
    public void The_last_attempt_that_can_be_counted_is_counted() => Assert.Equal(int.MaxValue, Letter(Record(("dlq.attempt", "2147483647"))).Attempt);

    [Fact]
    public void Positions_do_not_part_letters_of_one_cause()
    {
        var record = Record();

        Assert.Equal(Letter(record, "at byte 17").Fingerprint, Letter(record, "at byte 4711").Fingerprint);
        Assert.NotEqual(Letter(record, "at byte 17").Fingerprint, Letter(record, "at line 17").Fingerprint);
    }

    [Fact]
    public void A_record_without_key_value_and_headers_is_a_dead_letter_too()
    {
        var record = Record();
        record.Message = new Message<byte[], byte[]>();

        var letter = Letter(record);

        Assert.Null(letter.CorrelationId);
        Assert.Null(letter.Header("source"));
        Assert.Null(letter.ToMessage("group").Value);
    }

    [Fact]
    public void The_short_form_leaves_out_what_is_long()
    {
        var record = Record([("event-id", "e-1"), ("huge", new string('x', 2_000_000)), .. Enumerable.Range(0, 10_000).Select(n => ($"h{n}", (string?)"x"))]);
        record.Message.Key = new byte[1_000_000];

        var message = Letter(record).ToShortMessage("group");

        Assert.Null(message.Key);
        Assert.Null(message.Value);
        Assert.True(message.Headers.Sum(header => header.Key.Length + (header.GetValueBytes()?.Length ?? 0)) < 64 * 1024);
        Assert.Contains("dlq.original.offset=17", Texts(message.Headers));
    }

    [Fact]
    public void Text_of_a_header_is_safe_for_the_database() => Assert.Equal("a\uFFFDb", Letter(Record(("event", "a\0b"))).Header(MailHeaders.Event));

    private static DeadLetter Letter(ConsumeResult<byte[], byte[]> record, string why = "\"data\" is missing (byte 17).") =>
        new(record, new BadRecordException(DeadLetterReason.Schema, why), Now);

    private static ConsumeResult<byte[], byte[]> Record(params (string Name, string? Value)[] headers)
    {
        var kafka = new Headers();
        foreach (var (name, value) in headers)
        {
            kafka.Add(name, value is null ? null : Encoding.UTF8.GetBytes(value));
        }

        return new()
        {
            TopicPartitionOffset = new TopicPartitionOffset(MailTopics.Events, 3, 17),
            Message = new() { Key = "amy"u8.ToArray(), Value = "{}"u8.ToArray(), Headers = kafka, Timestamp = new Timestamp(Now.AddHours(-1)) },
        };
    }

    private static IEnumerable<string> Texts(Headers headers) =>
        headers.Select(header => $"{header.Key}={(header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null)}");
}
