using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>Reads contacts line by line, writes them in batches, and answers every line when it is written.</summary>
internal sealed class ContactImport(NpgsqlDataSource database, Tombstones tombstones)
{
    // While one batch is written the next one gathers: a fast caller fills it, a slow one does not wait.
    private const int BatchSize = 500;

    private static ReadOnlySpan<byte> NewLine => "\n"u8;

    /// <summary>Imports all lines of a body. What was answered stays, also when a later line ends it with an exception.</summary>
    public async Task RunAsync(PipeReader body, ResultSpool answers, CancellationToken cancellationToken)
    {
        var lines = Channel.CreateBounded<ImportLine>(new BoundedChannelOptions(BatchSize) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = new ImportReader(body).ReadAsync(lines.Writer, stop.Token);
        try
        {
            await WriteAsync(lines.Reader, answers, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task WriteAsync(ChannelReader<ImportLine> lines, ResultSpool answers, CancellationToken cancellationToken)
    {
        var batch = new List<ImportLine>(BatchSize);
        var json = new ArrayBufferWriter<byte>();
        while (await lines.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < BatchSize && lines.TryRead(out var line))
            {
                batch.Add(line);
            }

            foreach (var result in await WriteAsync(batch, cancellationToken))
            {
                Write(json, result);
            }

            await answers.WriteAsync(json.WrittenMemory, cancellationToken);
            json.ResetWrittenCount();
            batch.Clear();
        }
    }

    private async Task<List<ImportResult>> WriteAsync(List<ImportLine> batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await new ImportBatch(connection, tombstones).WriteAsync(batch, cancellationToken);
    }

    /// <summary>Writes one value as one line.</summary>
    public static void Write<T>(IBufferWriter<byte> json, T value)
    {
        using (var writer = new Utf8JsonWriter(json))
        {
            JsonSerializer.Serialize(writer, value, ApiJson.Options);
        }

        json.Write(NewLine);
    }
}
