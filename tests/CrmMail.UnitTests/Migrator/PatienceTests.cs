using System.Net.Sockets;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Migrator;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CrmMail.UnitTests.Migrator;

public class PatienceTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly List<TimeSpan> _attempts = [];

    public static TheoryData<Exception> NotUpYet =>
    [
        new NpgsqlException("refused", new SocketException((int)SocketError.ConnectionRefused)),
        new PostgresException("the database system is starting up", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow),
        new PostgresException("database \"crm\" does not exist", "FATAL", "FATAL", PostgresErrorCodes.InvalidCatalogName),
        new KafkaException(ErrorCode.Local_Transport),
        new KafkaException(ErrorCode.Local_TimedOut),
    ];

    public static TheoryData<Exception> WillNotGetBetter =>
    [
        new PostgresException("password authentication failed", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword),
        new PostgresException("syntax error", "ERROR", "ERROR", PostgresErrorCodes.SyntaxError),
        new KafkaException(ErrorCode.TopicAuthorizationFailed),
        new SchemaException("newer"),
        new InvalidOperationException("a bug"),
    ];

    [Theory]
    [MemberData(nameof(NotUpYet))]
    public async Task A_server_that_is_not_up_yet_is_asked_again(Exception failure)
    {
        await RunAsync(TimeSpan.FromMinutes(2), attempt => attempt < 3 ? failure : null);
        Assert.Equal(3, _attempts.Count);
    }

    [Fact]
    public async Task The_pauses_double_up_to_five_seconds()
    {
        await RunAsync(TimeSpan.FromMinutes(2), attempt => attempt < 8 ? new KafkaException(ErrorCode.Local_Transport) : null);
        Assert.Equal([0.25, 0.5, 1, 2, 4, 5, 5], _attempts.Zip(_attempts.Skip(1), (before, after) => (after - before).TotalSeconds));
    }

    [Fact]
    public async Task Patience_has_an_end()
    {
        var failure = await Assert.ThrowsAsync<KafkaException>(() => RunAsync(TimeSpan.FromSeconds(2), _ => new KafkaException(ErrorCode.Local_Transport)));
        Assert.Equal(ErrorCode.Local_Transport, failure.Error.Code);
        Assert.InRange(_attempts[^1], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    }

    [Theory]
    [MemberData(nameof(WillNotGetBetter))]
    public async Task A_failure_that_will_not_get_better_is_told_at_once(Exception failure)
    {
        Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(TimeSpan.FromMinutes(2), _ => failure)));
        Assert.Single(_attempts);
    }

    private async Task RunAsync(TimeSpan patience, Func<int, Exception?> outcome)
    {
        var start = _time.GetUtcNow();
        var subject = new Patience(Options.Create(new PatienceOptions { Patience = patience }), _time, NullLogger<Patience>.Instance);
        var running = subject.RunAsync(Step, TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        await running;

        Task Step(CancellationToken cancellationToken)
        {
            _attempts.Add(_time.GetUtcNow() - start);
            return outcome(_attempts.Count) is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }
    }
}
