using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using KafkaBroker.Server;
using KafkaBroker.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaBroker.Tests.Server;

public sealed class ClientConnectionTests
{
    /// <summary>The server looks for idle connections, and ends all of them, while they end by themselves.</summary>
    [Fact]
    public async Task A_connection_that_has_ended_by_itself_can_still_be_ended()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var memory = new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = 0 });
        using var metrics = new BrokerMetrics();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        var connection = new ClientConnection(
            await listener.AcceptSocketAsync(TestContext.Current.CancellationToken), broker.Apis, memory, new(NullLogger<ServerLog>.Instance, metrics));
        client.Dispose();
        await connection.RunAsync();
        connection.Dispose();

        connection.EndIfIdle();
        connection.End();
    }
}
