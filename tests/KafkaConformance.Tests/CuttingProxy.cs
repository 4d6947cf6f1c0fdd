using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>Stands between a client and a broker, and cuts the connection when the broker has written but the client does not know it yet.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly BrokerUnderTest _broker;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _running = [];
    private int _toLose;
    private int _lostAnswers;

    private CuttingProxy(BrokerUnderTest broker)
    {
        _broker = broker;
        _listener.Start();
        _running.Add(AcceptAsync());
    }

    public string BootstrapServers => $"localhost:{Port}";

    public int LostAnswers => Volatile.Read(ref _lostAnswers);

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static CuttingProxy Start(BrokerUnderTest broker) => new(broker);

    /// <summary>Cuts the connection instead of handing over an answer to a producer, as often as said from now on.</summary>
    public void LoseAnswers(int count) => Volatile.Write(ref _toLose, count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _running.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient accepted)
    {
        using var client = accepted;
        using var broker = new TcpClient { NoDelay = true };
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, _broker.Port, _stop.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The broker is down: the client's connection ends, too.
            return;
        }

        var asked = new ConcurrentDictionary<int, ApiKey>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var requests = CopyAsync(client.GetStream(), broker.GetStream(), request => Remember(asked, request), end.Token);
        var answers = CopyAsync(broker.GetStream(), client.GetStream(), answer => Rewrite(asked, answer), end.Token);
        await Task.WhenAny(requests, answers);
        await end.CancelAsync();
        await Task.WhenAll(requests, answers);
    }

    private static byte[] Remember(ConcurrentDictionary<int, ApiKey> asked, byte[] request)
    {
        asked[BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4))] = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(request);
        return request;
    }

    /// <returns>The answer, in which the broker's address is the proxy's; null if it is to be lost.</returns>
    private byte[]? Rewrite(ConcurrentDictionary<int, ApiKey> asked, byte[] answer)
    {
        asked.TryRemove(BinaryPrimitives.ReadInt32BigEndian(answer), out var key);
        if (key == ApiKey.Produce && Volatile.Read(ref _toLose) > 0)
        {
            Interlocked.Decrement(ref _toLose);
            Interlocked.Increment(ref _lostAnswers);
            return null;
        }

        if (key is ApiKey.Metadata or ApiKey.FindCoordinator)
        {
            Redirect(answer);
        }

        return answer;
    }

    /// <summary>In answers the port stands behind the host.</summary>
    private void Redirect(Span<byte> answer)
    {
        Span<byte> address = [.. "localhost"u8, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(address[^sizeof(int)..], _broker.Port);
        for (var found = answer.IndexOf(address); found >= 0; found = answer.IndexOf(address))
        {
            BinaryPrimitives.WriteInt32BigEndian(answer[(found + address.Length - sizeof(int))..], Port);
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<byte[], byte[]?> change, CancellationToken cancellationToken)
    {
        try
        {
            var length = new byte[sizeof(int)];
            while (true)
            {
                await from.ReadExactlyAsync(length, cancellationToken);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                await from.ReadExactlyAsync(frame, cancellationToken);
                if (change(frame) is not { } changed)
                {
                    return;
                }

                await to.WriteAsync((byte[])[.. length, .. changed], cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // One of both has gone: so goes the other.
        }
    }
}
