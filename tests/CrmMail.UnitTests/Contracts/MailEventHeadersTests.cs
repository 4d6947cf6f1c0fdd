using System.Text;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class MailEventHeadersTests
{
    private static readonly MailEventHeaders Whole = new(
        MailSource.EmailEngine,
        "messageNew",
        EventId.Of("8da1af6e-0d9d-49a1-a51e-32325d16c264", default),
        new DateTimeOffset(2026, 11, 21, 21, 0, 18, TimeSpan.Zero).AddTicks(6_690_001),
        CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse("amy"), EventId.Of("8da1af6e-0d9d-49a1-a51e-32325d16c264", default)),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        SpilledBody.Of("abc"u8));

    [Fact]
    public void They_are_readable_text_in_Kafka()
    {
        var text = Whole.ToKafka().Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.GetValueBytes())}");
        Assert.Equal(
            [
                "source=emailengine",
                "event=messageNew",
                "event-id=8da1af6e-0d9d-49a1-a51e-32325d16c264",
                "received-at=2026-11-21T21:00:18.6690001Z",
                $"correlation-id={Whole.CorrelationId}",
                "traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "body-sha256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "body-size=3",
            ],
            text);
    }

    [Fact]
    public void They_read_back()
    {
        Assert.True(MailEventHeaders.TryRead(Whole.ToKafka(), out var read, out _));
        Assert.Equal(Whole, read);
    }

    [Fact]
    public void Trace_and_spilled_body_may_be_absent()
    {
        var small = Whole with { TraceParent = null, SpilledBody = null };
        Assert.True(MailEventHeaders.TryRead(small.ToKafka(), out var read, out _));
        Assert.Equal(small, read);
    }

    [Fact]
    public void A_time_of_another_zone_is_written_as_UTC()
    {
        var local = Whole with { ReceivedAt = Whole.ReceivedAt.ToOffset(TimeSpan.FromHours(-7)) };
        Assert.True(MailEventHeaders.TryRead(local.ToKafka(), out var read, out _));
        Assert.Equal(TimeSpan.Zero, read.ReceivedAt.Offset);
        Assert.Equal(Whole.ReceivedAt, read.ReceivedAt);
    }

    [Fact]
    public void Headers_of_others_are_no_hindrance_and_the_last_of_a_name_counts()
    {
        var headers = Whole.ToKafka();
        headers.Add("dlq.reason", "decode"u8.ToArray());
        headers.Add("event", "messageSent"u8.ToArray());
        Assert.True(MailEventHeaders.TryRead(headers, out var read, out _));
        Assert.Equal("messageSent", read.Event);
    }

    public static TheoryData<string, byte[]?> Wrong => new()
    {
        { "source", null },
        { "source", "outlook"u8.ToArray() },
        { "event", null },
        { "event", [] },
        { "event-id", null },
        { "event-id", "two words"u8.ToArray() },
        { "event-id", [0xC1, 0xBE] },
        { "received-at", null },
        { "received-at", "yesterday"u8.ToArray() },
        { "received-at", "2026-11-21T21:00:18.6690001"u8.ToArray() },
        { "received-at", "2026-11-21T21:00:18.6690001Z "u8.ToArray() },
        { "correlation-id", null },
        { "correlation-id", "42"u8.ToArray() },
        { "body-sha256", null },
        { "body-sha256", "abc"u8.ToArray() },
        { "body-size", null },
        { "body-size", "3 bytes"u8.ToArray() },
        { "body-size", "-1"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void The_first_wrong_header_is_named(string name, byte[]? value)
    {
        var headers = Whole.ToKafka();
        headers.Remove(name);
        if (value is not null)
        {
            headers.Add(name, value);
        }

        Assert.False(MailEventHeaders.TryRead(headers, out _, out var wrong));
        Assert.Equal(name, wrong);
    }

    [Fact]
    public void A_header_without_a_value_is_absent()
    {
        var headers = Whole.ToKafka();
        headers.Remove(MailHeaders.TraceParent);
        headers.Add(MailHeaders.TraceParent, null);
        Assert.True(MailEventHeaders.TryRead(headers, out var read, out _));
        Assert.Null(read.TraceParent);
    }
}
