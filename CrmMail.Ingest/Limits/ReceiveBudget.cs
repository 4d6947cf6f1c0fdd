using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>
/// The bytes of bodies that are held before their signature could be checked. Apart from <see cref="InFlightGate"/>, so that a flood
/// of unsigned bodies takes no place of a webhook that waits for the broker.
/// </summary>
internal sealed class ReceiveBudget(IOptions<LimitOptions> limits)
{
    private readonly long _max = limits.Value.MaxReceivingBytes;
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes further bytes; false, and nothing taken, when there is no room for them.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= _max)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
