using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace KafkaBroker.Tests.Running;

/// <summary>A client that sends any bytes.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task SendAsync(byte[] frame)
    {
        var bytes = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, sizeof(int));
        await SendBytesAsync(bytes);
    }

    public Task SendBytesAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();

    /// <summary>The next answer, without its length; null when the broker has ended the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var length = new byte[sizeof(int)];
            if (await _client.GetStream().ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, patience.Token) < length.Length)
            {
                return null;
            }

            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await _client.GetStream().ReadExactlyAsync(frame, patience.Token);
            return frame;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<byte[]?> AskAsync(byte[] frame)
    {
        await SendAsync(frame);
        return await ReceiveAsync();
    }

    public void Dispose() => _client.Dispose();
}
