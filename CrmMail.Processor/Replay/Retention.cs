using System.Globalization;

namespace CrmMail.Processor.Replay;

/// <summary>How a run says that Kafka no longer has what it was asked to read.</summary>
internal static class Retention
{
    public static string Gone(long offsets, int partition) => string.Create(
        CultureInfo.InvariantCulture,
        $"{offsets} offsets of partition {partition} are gone by retention. With allowTrimmed the rest is read.");

    public static string Gone(long offsets, int partitions, long ofThem) => string.Create(
        CultureInfo.InvariantCulture,
        $"{offsets} of {ofThem} offsets in {partitions} partitions are gone by retention. With allowTrimmed the rest is read.");
}
