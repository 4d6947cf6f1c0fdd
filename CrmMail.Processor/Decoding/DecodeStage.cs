using System.Security.Cryptography;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.DeadLetters;
using Npgsql;

namespace CrmMail.Processor.Decoding;

/// <summary>The first stage: a record becomes an event.</summary>
internal sealed class DecodeStage(NpgsqlDataSource database)
{
    /// <exception cref="BadRecordException">The record can never become an event.</exception>
    public async Task<BatchItem> DecodeAsync(ConsumeResult<byte[], byte[]> record, CancellationToken cancellationToken)
    {
        if (!MailEventHeaders.TryRead(record.Message.Headers ?? [], out var headers, out var wrongHeader))
        {
            throw new BadRecordException(DeadLetterReason.Schema, $"The header \"{wrongHeader}\" is missing or wrong.");
        }

        var body = headers.SpilledBody is { } spilled
            ? await ReadSpilledAsync(spilled, cancellationToken)
            : record.Message.Value ?? [];
        return new BatchItem(new EventRecord(record, headers), MailEventDecoder.Decode(body, headers.ReceivedAt));
    }

    private async Task<byte[]> ReadSpilledAsync(SpilledBody spilled, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select body from spilled_bodies where sha256 = $1");
        command.Parameters.Add(new() { Value = spilled.ToKey() });
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] body && SHA256.HashData(body).AsSpan().SequenceEqual(spilled.ToKey())
            ? body
            : throw new BadRecordException(DeadLetterReason.BodyMissing, "The body that the headers name is not in the database.");
    }
}
