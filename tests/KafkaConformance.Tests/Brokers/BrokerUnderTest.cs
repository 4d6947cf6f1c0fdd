using System.Diagnostics;
using Confluent.Kafka;

namespace KafkaConformance.Tests.Brokers;

/// <summary>A broker with a folder and a port of its own, which it keeps over restarts.</summary>
public abstract class BrokerUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kafka-conformance-");
    private readonly Lazy<IAdminClient> _admin;
    private BrokerProcess? _process;

    private protected BrokerUnderTest() => _admin = new(this.NewAdmin);

    public int Port { get; } = FreePort.Next();

    public string BootstrapServers => $"localhost:{Port}";

    public IAdminClient Admin => _admin.Value;

    /// <summary>What it wrote last, for the message of a failed test.</summary>
    public string Console => Process.Console;

    public bool IsRunning => Process.IsRunning;

    private BrokerProcess Process => _process ?? throw new InvalidOperationException("The broker was not started.");

    public static async Task<BrokerUnderTest> StartAsync(BrokerKind kind)
    {
        BrokerUnderTest broker = kind switch
        {
            BrokerKind.Apache => new ApacheBroker(),
            BrokerKind.Local => new LocalBroker(),
            BrokerKind.LocalFsync => new LocalBroker("--fsync"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such broker."),
        };
        try
        {
            await broker.PrepareAsync(broker._folder.FullName);
            await broker.StartAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, with the same data on the same port.</summary>
    public async Task StartAsync() => _process = await BrokerProcess.StartAsync(Command(_folder.FullName), IsReady);

    /// <summary>SIGTERM.</summary>
    public Task StopAsync() => Process.StopAsync();

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => Process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>What must be done once in an empty folder.</summary>
    private protected virtual Task PrepareAsync(string folder) => Task.CompletedTask;

    private protected abstract ProcessStartInfo Command(string folder);

    private protected abstract bool IsReady(string line);
}
