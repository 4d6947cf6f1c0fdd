using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>
/// Bounds the webhooks that wait for the broker, by count and by bytes, below the producer's own queue: when the broker is slow the
/// next webhook is refused at once and this process stays as small as it is.
/// </summary>
internal sealed class InFlightGate(IOptions<LimitOptions> limits)
{
    private readonly int _maxRequests = limits.Value.MaxInFlightRequests;
    private readonly long _maxBytes = limits.Value.MaxInFlightBytes;
    private int _requests;
    private long _bytes;

    public int Requests => Volatile.Read(ref _requests);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Lets a body of this size in; false when there is no room. Who was let in must <see cref="Leave"/>.</summary>
    public bool TryEnter(int bytes)
    {
        var requests = Interlocked.Increment(ref _requests);
        var held = Interlocked.Add(ref _bytes, bytes);
        if (requests <= _maxRequests && held <= _maxBytes)
        {
            return true;
        }

        Leave(bytes);
        return false;
    }

    public void Leave(int bytes)
    {
        Interlocked.Decrement(ref _requests);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
