using System.Text.Json;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.DeadLetters;

/// <summary>Writes dead letters with their content, line by line, as fast as they are read.</summary>
internal sealed class DeadLetterExport(DeadLetterStore store, DeadLetterRecords records, ExceptionProblems problems)
{
    public const string ContentType = "application/x-ndjson";

    private const int PageSize = 100;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public async Task WriteAsync(DeadLetterFilter filter, HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            context.Response.ContentType = ContentType;
            using var reader = records.Open();
            for (var page = await store.ReadAsync(filter, 0, PageSize, cancellationToken); page.Count > 0; page = await store.ReadAsync(filter, page.Max(letter => letter.Id), PageSize, cancellationToken))
            {
                // Kafka is read fastest in its own order.
                foreach (var letter in page.OrderBy(letter => letter.DeadLetterPartition).ThenBy(letter => letter.DeadLetterOffset))
                {
                    await WriteLineAsync(context, new OpenedDeadLetter(letter, await records.ReadAsync(letter, reader, cancellationToken)), cancellationToken);
                }
            }
        }
        catch (Exception exception) when (context.Response.HasStarted && !cancellationToken.IsCancellationRequested)
        {
            await WriteLineAsync(context, new { problem = problems.Of(exception).ToDetails(context) }, cancellationToken);
        }
    }

    private static async Task WriteLineAsync<T>(HttpContext context, T line, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, line, ApiJson.Options, cancellationToken);
        await context.Response.BodyWriter.WriteAsync(LineEnd, cancellationToken);
    }
}
