using System.Diagnostics;
using System.Globalization;

namespace KafkaConformance.Tests.Brokers;

/// <summary>The broker of local mode.</summary>
internal sealed class LocalBroker : BrokerUnderTest
{
    private static string Executable => Path.Combine(AppContext.BaseDirectory, "..", "..", "KafkaBroker", "debug", "kafka");

    private protected override ProcessStartInfo Command(string folder) => new(Executable)
    {
        ArgumentList = { "--data", folder, "--port", Port.ToString(CultureInfo.InvariantCulture), "--partitions", "12" },
    };

    private protected override bool IsReady(string line) => line.Contains("ready", StringComparison.Ordinal);
}
