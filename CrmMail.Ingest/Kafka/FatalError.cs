using Confluent.Kafka;

namespace CrmMail.Ingest.Kafka;

/// <summary>
/// The error after which an idempotent producer takes nothing any more (its order could not be kept). Only a new process helps:
/// liveness turns red.
/// </summary>
internal sealed class FatalError
{
    private volatile Error? _error;

    /// <summary>The first fatal error, or null.</summary>
    public Error? Seen => _error;

    public void Report(Error error) => _error ??= error;
}
