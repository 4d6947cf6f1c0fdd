using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.DeadLetters;

/// <summary>The lines of an export, of which the last one may say that the export failed.</summary>
internal sealed class ExportedLines(Stream body) : IAsyncDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(body);

    private static ReadOnlySpan<byte> ProblemStart => "{\"problem\":"u8;

    /// <summary>The next line with its end; null after the last one.</summary>
    /// <exception cref="ServerException">The export broke off.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await TryReadAsync(cancellationToken);
        return line is not null && line.AsSpan().StartsWith(ProblemStart) ? throw BrokenOff(line) : line;
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private async Task<byte[]?> TryReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await ReadBufferAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var next = read.Buffer.GetPosition(1, end);
                var line = read.Buffer.Slice(0, next).ToArray();
                _reader.AdvanceTo(next);
                return line;
            }

            if (read.IsCompleted)
            {
                return read.Buffer.IsEmpty ? null : throw new ServerException("the export broke off within a letter: start it again");
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<ReadResult> ReadBufferAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new ServerException("the export broke off, for the connection was lost: start it again", innerException: exception);
        }
    }

    private static ServerException BrokenOff(byte[] line)
    {
        using var json = JsonDocument.Parse(line);
        var problem = json.RootElement.GetProperty("problem").Deserialize(ProblemJson.Default.ProblemDetails);
        return new ServerException($"the export broke off: {Refusal.Describe(problem!)}: start it again");
    }
}
