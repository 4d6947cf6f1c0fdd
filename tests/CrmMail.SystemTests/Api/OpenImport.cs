using System.Net.Sockets;
using System.Text;

namespace CrmMail.SystemTests.Api;

/// <summary>An import over HTTP/1.1 that reads answers while it sends, as curl does and HttpClient does not.</summary>
internal sealed class OpenImport : IAsyncDisposable
{
    private readonly TcpClient _connection = new();
    private StreamReader _answers = StreamReader.Null;

    public static async Task<OpenImport> StartAsync(ScratchApi api, CancellationToken cancellationToken)
    {
        var import = new OpenImport();
        await import._connection.ConnectAsync(api.Address.Host, api.Address.Port, cancellationToken);
        import._answers = new StreamReader(import._connection.GetStream(), Encoding.UTF8, leaveOpen: true);
        await import.WriteAsync(
            $"POST /api/contacts/import HTTP/1.1\r\nHost: {api.Address.Authority}\r\nAuthorization: Bearer {ScratchApi.Key}\r\n"
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
            cancellationToken);
        return import;
    }

    public Task SendAsync(string line, CancellationToken cancellationToken) => WriteAsync($"{line.Length + 1:x}\r\n{line}\n\r\n", cancellationToken);

    public Task EndAsync(CancellationToken cancellationToken) => WriteAsync("0\r\n\r\n", cancellationToken);

    /// <summary>The next answer; null at the end. Headers and the sizes of chunks are passed over.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        string? line;
        do
        {
            line = await _answers.ReadLineAsync(cancellationToken);
        }
        while (line is not (null or "0" or ['{', ..]));

        return line is "0" ? null : line;
    }

    public ValueTask DisposeAsync()
    {
        _answers.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken) =>
        await _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
}
