using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.DeadLetters;
using Npgsql;

namespace CrmMail.Processor.Decoding;

/// <summary>The first stage: a record becomes an event.</summary>
internal sealed class DecodeStage(NpgsqlDataSource database, Outages outages)
{
    /// <exception cref="BadRecordException">The record can never become an event.</exception>
    /// <exception cref="OperationCanceledException">The wait for the database was ended.</exception>
    public ValueTask<BatchItem> DecodeAsync(ConsumeResult<byte[], byte[]> record, CancellationToken stop)
    {
        if (!MailEventHeaders.TryRead(record.Message.Headers ?? [], out var headers, out var wrongHeader))
        {
            throw new BadRecordException(DeadLetterReason.Schema, $"The header \"{wrongHeader}\" is missing or wrong.");
        }

        return headers.SpilledBody is null
            ? ValueTask.FromResult(Decode(record, headers, record.Message.Value ?? []))
            : DecodeSpilledAsync(record, headers, headers.SpilledBody, stop);
    }

    private async ValueTask<BatchItem> DecodeSpilledAsync(
        ConsumeResult<byte[], byte[]> record, MailEventHeaders headers, SpilledBody spilled, CancellationToken stop) =>
        Decode(record, headers, await outages.OutlastAsync(() => ReadSpilledAsync(spilled, stop), stop));

    private static BatchItem Decode(ConsumeResult<byte[], byte[]> record, MailEventHeaders headers, byte[] body) =>
        new(new EventRecord(record, headers), headers.Source == MailSource.MailParse
            ? MailParseDecoder.Decode(headers.Event, record.Message.Key, body, headers.ReceivedAt)
            : MailEventDecoder.Decode(body, headers.ReceivedAt));

    private async Task<byte[]> ReadSpilledAsync(SpilledBody spilled, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await SpilledBodies.ReadAsync(spilled, connection, cancellationToken);
    }
}
