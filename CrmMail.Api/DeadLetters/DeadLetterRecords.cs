using Confluent.Kafka;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.DeadLetters;

/// <summary>Reads what is in dead letters: nothing else of the Api looks into Kafka.</summary>
internal sealed class DeadLetterRecords(Func<DeadLetterReader> openReader, DeadLetterStore store)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>Begins to read.</summary>
    public DeadLetterReader Open() => openReader();

    /// <summary>The content of the letter; null when Kafka has it no longer.</summary>
    /// <exception cref="ProblemException">Kafka does not answer.</exception>
    public async Task<DeadLetterContent?> ReadAsync(DeadLetter letter, DeadLetterReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(letter.ToPointer(), cancellationToken) is { } record
                ? DeadLetterContent.Of(record.Message, await ReadBodyAsync(record.Message, cancellationToken))
                : null;
        }
        catch (Exception exception) when (exception is TimeoutException or KafkaException)
        {
            throw new ProblemException(new Problem(ProblemKind.KafkaUnavailable, "Try again in a few seconds.") { RetryAfter = Retry }, exception);
        }
    }

    private async Task<byte[]?> ReadBodyAsync(Message<byte[], byte[]> message, CancellationToken cancellationToken) =>
        SpilledBody.TryRead(message.Headers ?? [], out var spilled, out _) && spilled is not null
            ? await store.ReadSpilledAsync(spilled, cancellationToken)
            : message.Value;
}
