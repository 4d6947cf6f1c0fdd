using KafkaBroker.Server;
using KafkaConformance.Tests.Brokers;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaBroker.Tests.Running;

/// <summary>A broker in this process, on a port and with a folder of its own.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BrokerOptions _options;
    private Broker _broker = null!;

    private RunningBroker(bool fsync) => _options = new() { Data = _folder.Path, Port = 0, Fsync = fsync };

    public string BootstrapServers => $"localhost:{_broker.Port}";

    public int Port => _broker.Port;

    /// <summary>Who answers requests, without a connection between.</summary>
    public ApiTable Apis => _broker.Apis;

    public static async Task<RunningBroker> StartAsync(bool fsync = false)
    {
        var running = new RunningBroker(fsync);
        await running.StartBrokerAsync(FreePort.Next());
        return running;
    }

    /// <summary>Stops the broker and starts another one with its data and port.</summary>
    public async Task RestartAsync()
    {
        var port = Port;
        await _broker.DisposeAsync();
        await StartBrokerAsync(port);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartBrokerAsync(int port) =>
        _broker = await Broker.StartAsync(_options with { Port = port }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
}
