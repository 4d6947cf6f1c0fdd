using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(KafkaConformance.Tests.Brokers.SharedBrokers))]

namespace KafkaConformance.Tests.Brokers;

/// <summary>One broker of each kind, started when the first test asks for it.</summary>
public abstract class BrokerSet : IAsyncDisposable
{
    private readonly ConcurrentDictionary<BrokerKind, Lazy<Task<BrokerUnderTest>>> _started = new();

    public Task<BrokerUnderTest> GetAsync(BrokerKind kind) =>
        _started.GetOrAdd(kind, wanted => new(() => BrokerUnderTest.StartAsync(wanted))).Value;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var broker in _started.Values.Where(starting => starting.Value.IsCompletedSuccessfully))
        {
            await (await broker.Value).DisposeAsync();
        }
    }
}

/// <summary>The brokers of all tests that leave them running.</summary>
public sealed class SharedBrokers : BrokerSet;

/// <summary>The brokers of tests that stop and kill them.</summary>
public sealed class RestartedBrokers : BrokerSet;
