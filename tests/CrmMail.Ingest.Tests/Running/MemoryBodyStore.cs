using System.Collections.Concurrent;
using CrmMail.Contracts;
using CrmMail.Ingest.Spill;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>Bodies by the hash under which they were stored.</summary>
internal sealed class MemoryBodyStore : ISpilledBodyStore
{
    public ConcurrentDictionary<string, byte[]> Bodies { get; } = new();

    public bool IsDown { get; set; }

    public Task<bool> TryStoreAsync(SpilledBody spilled, byte[] body, CorrelationId correlationId)
    {
        if (!IsDown)
        {
            Bodies[spilled.Sha256Hex] = body;
        }

        return Task.FromResult(!IsDown);
    }
}
