using System.Security.Cryptography;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;
using Npgsql;

namespace CrmMail.Processor.Decoding;

/// <summary>Bodies of events that are too large for Kafka.</summary>
internal static class SpilledBodies
{
    /// <exception cref="BadRecordException">It is not there.</exception>
    public static async Task<byte[]> ReadAsync(SpilledBody spilled, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select body from spilled_bodies where sha256 = $1", connection);
        command.Parameters.Add(new() { Value = spilled.ToKey() });
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] body && SHA256.HashData(body).AsSpan().SequenceEqual(spilled.ToKey())
            ? body
            : throw new BadRecordException(DeadLetterReason.BodyMissing, "The body that the headers name is not in the database.");
    }
}
