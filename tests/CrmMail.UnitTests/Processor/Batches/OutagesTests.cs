using System.Net.Sockets;
using Confluent.Kafka;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CrmMail.UnitTests.Processor.Batches;

public sealed class OutagesTests
{
    [Theory]
    [InlineData("21000", false)] // one row twice in one statement
    [InlineData("22021", false)] // a NUL in a text
    [InlineData("22P05", false)] // a lone surrogate in jsonb
    [InlineData("23514", false)] // a check
    [InlineData("54000", false)] // an index entry that is too long
    [InlineData("23503", true)] // a contact was deleted after it was matched
    [InlineData("08006", true)] // the connection broke
    [InlineData("40P01", true)] // a deadlock
    [InlineData("53100", true)] // the disk is full
    [InlineData("57P01", true)] // the server is shut down
    [InlineData("42P01", true)] // a table is missing: no event is to blame
    [InlineData("28P01", true)] // the password was changed
    public void PostgreSQL_blames_an_event_only_for_its_data(string sqlState, bool isOutage) =>
        Assert.Equal(isOutage, Outages.IsOutage(new PostgresException("", "ERROR", "ERROR", sqlState)));

    public static TheoryData<Exception, bool> Exceptions => new()
    {
        { new TimeoutException(), true },
        { new SocketException(), true },
        { new NpgsqlException("", new SocketException()), true },
        { new NpgsqlException("No password has been provided"), true },
        { new ConcurrentWriteException(), true },
        { new KafkaException(ErrorCode.Local_AllBrokersDown), true },
        { new KafkaException(ErrorCode.TopicAuthorizationFailed), true },
        { new KafkaException(ErrorCode.MsgSizeTooLarge), false },
        { new KafkaException(new Error(ErrorCode.OutOfOrderSequenceNumber, "", isFatal: true)), false },
        { new InvalidCastException(), false },
        { new System.Text.EncoderFallbackException(), false },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void A_server_is_waited_for_and_a_fault_is_not(Exception exception, bool isOutage) =>
        Assert.Equal(isOutage, Outages.IsOutage(exception));

    [Fact]
    public async Task A_wait_ends_when_the_server_is_back_or_when_it_is_told_to()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(10) };
        var outages = new Outages(time, NullLogger<Outages>.Instance);
        using var stop = new CancellationTokenSource();
        var tries = 0;

        var answer = outages.OutlastAsync(() => ++tries < 4 ? throw new TimeoutException() : Task.FromResult("there"), stop.Token);
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal("there", await answer);
        Assert.Equal(4, tries);

        var endless = outages.OutlastAsync<string>(() => throw new TimeoutException(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
    }
}
