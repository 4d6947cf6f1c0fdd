using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace KafkaConformance.Tests.Brokers;

/// <summary>
/// Runs a theory against local mode's broker, without and with <c>--fsync</c>, and with <c>KAFKA_HOME</c> against Apache Kafka: once, or once for each case.
/// <c>--filter-trait broker=Local</c> picks one of them.
/// </summary>
/// <param name="cases">What the theory's second parameter becomes.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEveryBrokerAttribute(params object[] cases) : DataAttribute
{
    public object[] Cases => cases;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var rows = new List<ITheoryDataRow>();
        foreach (var kind in Enum.GetValues<BrokerKind>())
        {
            if (kind != BrokerKind.Apache || ApacheBroker.Home is not null)
            {
                rows.AddRange(cases.Length == 0 ? [Row(kind, kind)] : cases.Select(value => Row(kind, kind, value)));
            }
        }

        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;

    private static TheoryDataRow Row(BrokerKind kind, params object[] arguments) => new(arguments) { Traits = { ["broker"] = [kind.ToString()] } };
}
