using CrmMail.Processor.Replay;

namespace CrmMail.UnitTests.Processor.Replay;

/// <summary>What a range that was asked for is in a partition that reaches from offset 100 to 200.</summary>
public sealed class RangeRequestTests
{
    private static readonly DateTime Time = new(2026, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(null, null, 100, 200, true, 0)]
    [InlineData(120L, null, 120, 200, true, 0)]
    [InlineData(120L, 150L, 120, 150, false, 0)]
    [InlineData(120L, 200L, 120, 200, true, 0)]
    [InlineData(120L, 999L, 120, 200, true, 0)]
    [InlineData(999L, null, 200, 200, true, 0)]
    [InlineData(40L, 150L, 100, 150, false, 60)]
    [InlineData(40L, 70L, 100, 100, false, 30)]
    [InlineData(150L, 120L, 150, 150, false, 0)]
    public void Offsets_are_kept_within_what_Kafka_has(long? from, long? to, long expectedFrom, long expectedTo, bool reachesEnd, long trimmed) =>
        Assert.Equal(
            new PartitionRange(3, expectedFrom, expectedTo, reachesEnd, trimmed),
            Request(from: from, to: to).Of(3, 100, 200, null, null));

    [Theory]
    [InlineData(130L, 160L, 130, 160, false)]
    [InlineData(130L, null, 130, 200, true)] // nothing is as late as the end
    [InlineData(null, null, 200, 200, true)] // nothing is as late as the start
    public void Times_are_the_offsets_that_Kafka_names_for_them(long? atFrom, long? atTo, long expectedFrom, long expectedTo, bool reachesEnd) =>
        Assert.Equal(
            new PartitionRange(3, expectedFrom, expectedTo, reachesEnd, 0),
            new RangeRequest(Time, Time.AddHours(1), None, None, null).Of(3, 100, 200, atFrom, atTo));

    [Fact]
    public void Offsets_count_before_times() =>
        Assert.Equal(120, new RangeRequest(Time, null, new Dictionary<int, long> { [3] = 120 }, None, null).Of(3, 100, 200, 150, null).From);

    [Fact]
    public void The_partitions_are_those_that_are_named_or_have_an_offset_or_all()
    {
        Assert.Equal([0, 1, 2, 3, 4], Request().PartitionsOf(5));
        Assert.Equal([3], Request(from: 1).PartitionsOf(5));
        Assert.Equal([2, 4], new RangeRequest(null, null, None, None, [2, 4]).PartitionsOf(5));
        Assert.Equal("There is no partition 3: the topic has 2.", Assert.Throws<ReplayFailedException>(() => Request(from: 1).PartitionsOf(2)).Message);
    }

    private static Dictionary<int, long> None => [];

    private static RangeRequest Request(long? from = null, long? to = null) => new(null, null, Offsets(from), Offsets(to), null);

    private static Dictionary<int, long> Offsets(long? offset) => offset is { } at ? new() { [3] = at } : [];
}
