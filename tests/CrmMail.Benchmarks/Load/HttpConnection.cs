using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace CrmMail.Benchmarks.Load;

/// <summary>
/// A keep-alive connection that writes requests as they are, and looks into an answer no more than it has to: on a machine that also runs
/// the server, what the client spends is taken from what is measured.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int StatusAt = 9;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[64 * 1024];

    public ValueTask OpenAsync(Uri server, CancellationToken cancellationToken) => _socket.ConnectAsync(server.Host, server.Port, cancellationToken);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>The status of the answer.</returns>
    /// <exception cref="IOException">The server closed the connection, or its answer is longer than any that is expected.</exception>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (!request.IsEmpty)
        {
            request = request[await _socket.SendAsync(request, cancellationToken)..];
        }

        var length = 0;
        while (!IsWhole(_answer.AsSpan(0, length)))
        {
            var received = await _socket.ReceiveAsync(_answer.AsMemory(length), cancellationToken);
            length += received > 0 ? received : throw new IOException("The server closed the connection, or its answer is too long.");
        }

        return Number(_answer.AsSpan(StatusAt, 3));
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Where no length is told, the body comes in chunks, of which the last is empty.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        foreach (var line in answer[..head].Split("\r\n"u8))
        {
            var field = answer[line];
            if (field.Length > 15 && Ascii.EqualsIgnoreCase(field[..15], "content-length:"u8))
            {
                return answer.Length >= head + 4 + Number(field[15..].TrimStart((byte)' '));
            }
        }

        return answer.EndsWith("0\r\n\r\n"u8);
    }

    private static int Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int number, out _) ? number : throw new IOException("The answer is no HTTP.");
}
