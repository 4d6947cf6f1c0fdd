using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests.Wire;

/// <summary>A connection on which a test decides about every byte.</summary>
internal sealed class WireConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _lastCorrelation;

    private WireConnection()
    {
    }

    public static async Task<WireConnection> OpenAsync(BrokerUnderTest broker)
    {
        var connection = new WireConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, broker.Port).WaitAsync(Deadline);
        return connection;
    }

    /// <summary>A whole frame: length, header (version 1, or 2 of flexible requests) and body.</summary>
    public static byte[] Frame(ApiKey key, short version, int correlation, ReadOnlySpan<byte> body, int headerVersion = 1)
    {
        var header = new RequestWriter().Int16((short)key).Int16(version).Int32(correlation).Text("conformance");
        if (headerVersion == 2)
        {
            header.Int8(0);
        }

        return new RequestWriter().Bytes(header.Raw(body).Written).Written.ToArray();
    }

    /// <summary>Asks and reads the answer, behind its correlation id.</summary>
    public async Task<ResponseReader> AskAsync(ApiKey key, short version, RequestWriter body, int headerVersion = 1)
    {
        var correlation = await TellAsync(key, version, body, headerVersion);
        var answer = await ReceiveAsync() ?? throw new EndOfStreamException($"The broker closed the connection instead of answering {key} {version}.");
        Assert.Equal(correlation, answer.Int32());
        return answer;
    }

    /// <summary>Sends a request without waiting for the answer; returns its correlation id.</summary>
    public async Task<int> TellAsync(ApiKey key, short version, RequestWriter body, int headerVersion = 1)
    {
        var correlation = ++_lastCorrelation;
        await SendAsync(Frame(key, version, correlation, body.Written, headerVersion));
        return correlation;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, deadline.Token)..];
        }
    }

    /// <summary>The next answer, from its correlation id on; null if the broker has closed the connection.</summary>
    public async Task<ResponseReader?> ReceiveAsync()
    {
        var length = new byte[sizeof(int)];
        if (!await ReadAsync(length))
        {
            return null;
        }

        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        Assert.True(await ReadAsync(frame), "The connection was cut in the middle of an answer.");
        return new(frame);
    }

    /// <summary>Sends no more, and reads until the broker closes or <paramref name="patience"/> is at its end.</summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        var ignored = new byte[4096];
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            while (await _socket.ReceiveAsync(ignored, deadline.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Reset by the broker, or a request that the broker may leave waiting.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadAsync(Memory<byte> buffer)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!buffer.IsEmpty)
        {
            int count;
            try
            {
                count = await _socket.ReceiveAsync(buffer, deadline.Token);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
            {
                return false;
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The broker neither answered nor closed the connection within {Deadline.TotalSeconds} s.");
            }

            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
