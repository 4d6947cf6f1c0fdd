using CrmMail.Contracts;

namespace CrmMail.Ingest.Spill;

/// <summary>Keeps bodies that no Kafka record can hold.</summary>
internal interface ISpilledBodyStore
{
    /// <summary>
    /// Stores a body under its hash; twice is once. False when the database does not confirm it in time. Takes no cancellation of the
    /// request: a sender that hangs up may have its event nevertheless.
    /// </summary>
    Task<bool> TryStoreAsync(SpilledBody spilled, byte[] body, CorrelationId correlationId);
}
