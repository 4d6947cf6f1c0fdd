using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CrmMail.FaultTests.Faults;

/// <summary>
/// Stands between Processors and PostgreSQL, and cuts connections at COMMIT while it is told to: before the server hears of it, or after
/// the server has done it and before the Processor knows.
/// </summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    /// <summary>As a message of the protocol: its type, its length, and the text with its end.</summary>
    private static readonly byte[] Commit = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Task _accepting;
    private volatile DnsEndPoint? _server;
    private volatile bool _isCutting;
    private int _commits;
    private int _cutBefore;
    private int _cutAfter;

    public DatabaseProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A connection string that leads through the proxy.</summary>
    /// <param name="direct">The server's own.</param>
    public string Through(string direct)
    {
        var connection = new NpgsqlConnectionStringBuilder(direct);
        _server = new(connection.Host!, connection.Port);
        connection.Host = IPAddress.Loopback.ToString();
        connection.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        return connection.ConnectionString;
    }

    /// <summary>Cuts every connection that commits, for a time.</summary>
    /// <returns>How many before the server heard of it, and how many after it was done.</returns>
    public async Task<(int Before, int After)> CutCommitsAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        (_cutBefore, _cutAfter) = (0, 0);
        _isCutting = true;
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            _isCutting = false;
        }

        return (_cutBefore, _cutAfter);
    }

    /// <summary>Waits until some connections have asked PostgreSQL something and have no answer yet.</summary>
    /// <exception cref="TimeoutException">There are fewer of them, for too long.</exception>
    public async Task WaitForUnansweredAsync(int count, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var begin = Stopwatch.GetTimestamp();
        while (_connections.Keys.Count(connection => connection.IsUnanswered) is var unanswered && unanswered < count)
        {
            if (Stopwatch.GetElapsedTime(begin) > deadline)
            {
                throw new TimeoutException($"{unanswered} connections to PostgreSQL wait for an answer, not {count}, for {deadline.TotalSeconds:0} s.");
            }

            await often.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                client.NoDelay = true;
                var connection = new Connection(client);
                _connections[connection] = Task.CompletedTask;
                // It may have ended already, and then it is gone.
                _connections.TryUpdate(connection, ServeAsync(connection), Task.CompletedTask);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
            }
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            await connection.Server.ConnectAsync(_server!, end.Token);
            await Task.WhenAny(ToServerAsync(connection, end.Token), ToClientAsync(connection, end.Token));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // PostgreSQL is away, and the client finds its connection closed; or the proxy ends.
        }
        finally
        {
            await end.CancelAsync();
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task ToServerAsync(Connection connection, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await connection.Client.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (_isCutting && buffer.AsSpan(0, count).EndsWith(Commit))
            {
                if (Interlocked.Increment(ref _commits) % 2 == 0)
                {
                    Interlocked.Increment(ref _cutBefore);
                    return;
                }

                connection.IsDeaf = true;
            }

            connection.IsUnanswered = true;
            await SendAllAsync(connection.Server, buffer.AsMemory(0, count), cancellationToken);
        }
    }

    private async Task ToClientAsync(Connection connection, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await connection.Server.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            connection.IsUnanswered = false;
            if (connection.IsDeaf)
            {
                Interlocked.Increment(ref _cutAfter);
                return;
            }

            await SendAllAsync(connection.Client, buffer.AsMemory(0, count), cancellationToken);
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>A client, and its connection to the server.</summary>
    private sealed class Connection(Socket client) : IDisposable
    {
        private volatile bool _isDeaf;
        private volatile bool _isUnanswered;

        public Socket Client { get; } = client;

        public Socket Server { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>Whether the client must not hear the server any more.</summary>
        public bool IsDeaf
        {
            get => _isDeaf;
            set => _isDeaf = value;
        }

        /// <summary>Whether the client was the last to speak.</summary>
        public bool IsUnanswered
        {
            get => _isUnanswered;
            set => _isUnanswered = value;
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
