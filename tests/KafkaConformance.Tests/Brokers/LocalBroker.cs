using System.Diagnostics;
using System.Globalization;

namespace KafkaConformance.Tests.Brokers;

/// <summary>The broker of local mode.</summary>
internal sealed class LocalBroker : BrokerUnderTest
{
    // Beside the tests, in the same configuration.
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "..", "..", "KafkaBroker", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "kafka");

    private protected override ProcessStartInfo Command(string folder) => new(Executable)
    {
        ArgumentList = { "--data", folder, "--port", Port.ToString(CultureInfo.InvariantCulture), "--partitions", "12" },
    };

    private protected override bool IsReady(string line) => line.Contains("ready", StringComparison.Ordinal);
}
