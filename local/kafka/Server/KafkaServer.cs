using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace KafkaBroker.Server;

/// <summary>Takes connections.</summary>
internal sealed class KafkaServer : IAsyncDisposable
{
    private const int MaxConnections = 5000;

    /// <summary>Bytes that the large frames of all connections may take at one time.</summary>
    private const int MaxFrameMemory = 256 * 1024 * 1024;

    private readonly IReadOnlyList<Socket> _listeners;
    private readonly ApiTable _apis;
    private readonly BrokerMetrics _metrics;
    private readonly ServerLog _log;
    private readonly ConcurrentDictionary<ClientConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    // Who comes first gets memory first: a large frame is not overtaken for ever by smaller ones.
    private readonly ConcurrencyLimiter _memory = new(new()
    {
        PermitLimit = MaxFrameMemory,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <param name="listeners">Sockets that listen; they belong to the server from now on.</param>
    /// <param name="apis">Who answers.</param>
    /// <param name="metrics">Counts connections.</param>
    /// <param name="log">Where to tell.</param>
    public KafkaServer(IReadOnlyList<Socket> listeners, ApiTable apis, BrokerMetrics metrics, ServerLog log)
    {
        _listeners = listeners;
        _apis = apis;
        _metrics = metrics;
        _log = log;
        _accepting = Task.WhenAll(listeners.Select(AcceptAsync));
    }

    /// <summary>Ends the connections of clients that have been silent for too long.</summary>
    public void EndIdleConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.EndIfIdle();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        foreach (var connection in _connections.Keys)
        {
            connection.End();
        }

        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        await _memory.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Gone before it was taken, or no file is left to open; neither is a reason to stop.
                _log.LogCannotAccept(exception);
            }
        }
    }

    private void Serve(Socket socket)
    {
        if (_connections.Count >= MaxConnections)
        {
            socket.Dispose();
            return;
        }

        var connection = new ClientConnection(socket, _apis, _memory, _log);
        _metrics.CountConnection(+1);
        var started = new TaskCompletionSource();
        _connections[connection] = ServeAsync(connection, started.Task);
        started.SetResult();
    }

    private async Task ServeAsync(ClientConnection connection, Task started)
    {
        // Not before it is in the list, from which it removes itself.
        await started.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await connection.RunAsync().ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        connection.Dispose();
        _metrics.CountConnection(-1);
    }
}
