using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>A sender that writes what it wants, when it wants: no HTTP client would.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
    }

    public static async Task<RawConnection> OpenAsync(RunningIngest ingest)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(ingest.Address.Host, ingest.Address.Port, TestContext.Current.CancellationToken);
        return new RawConnection(socket);
    }

    /// <summary>Writes the head of a webhook; <paramref name="framing"/> says how long its body is.</summary>
    public Task WriteHeadAsync(Webhook webhook, string framing) => WriteAsync(Encoding.ASCII.GetBytes(
        $"POST {Webhook.Path} HTTP/1.1\r\nHost: ingest\r\nContent-Type: application/json\r\n{Webhook.SignatureHeader}: {webhook.Signature}\r\n{framing}\r\n\r\n"));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Says that nothing more will come.</summary>
    public void EndWriting() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Cuts the connection, as a process that was killed does.</summary>
    public void Cut()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public async Task<Answer> ReadAnswerAsync()
    {
        using var reader = new StreamReader(_stream, Encoding.Latin1, leaveOpen: true);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        var statusLine = await reader.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException("No answer.");
        var headers = new Dictionary<string, string>();
        while (await reader.ReadLineAsync(deadline.Token) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon].ToLowerInvariant()] = line[(colon + 1)..].Trim();
        }

        var body = new char[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
        if (body.Length > 0)
        {
            await reader.ReadBlockAsync(body, deadline.Token);
        }

        return new Answer(int.Parse(statusLine.Split(' ')[1], CultureInfo.InvariantCulture), headers, new string(body));
    }

    /// <summary>Whether the other side closes the connection.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
