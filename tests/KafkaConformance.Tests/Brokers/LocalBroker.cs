using System.Diagnostics;
using System.Globalization;

namespace KafkaConformance.Tests.Brokers;

/// <summary>The broker of local mode.</summary>
internal sealed class LocalBroker(params string[] options) : BrokerUnderTest
{
    // Beside the tests, in the same configuration.
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "..", "..", "KafkaBroker", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "kafka");

    private protected override ProcessStartInfo Command(string folder) =>
        new(Executable, ["--data", folder, "--port", Port.ToString(CultureInfo.InvariantCulture), "--partitions", "12", .. options]);

    private protected override bool IsReady(string line) => line.Contains("ready", StringComparison.Ordinal);
}
