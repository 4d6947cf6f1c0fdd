using System.Diagnostics;

namespace CrmMail.Ingest.Telemetry;

/// <summary>
/// Takes no trace context from a request. Whoever can reach this endpoint could otherwise choose trace ids and have every request
/// sampled; EmailEngine itself sends none.
/// </summary>
internal sealed class UntrustedTraceContext : DistributedContextPropagator
{
    private readonly DistributedContextPropagator _outgoing = CreateDefaultPropagator();

    public override IReadOnlyCollection<string> Fields => _outgoing.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        _outgoing.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        traceId = null;
        traceState = null;
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
