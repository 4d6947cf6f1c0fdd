using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>How a client finds out what a broker speaks.</summary>
public sealed class ApiVersionsTests(SharedBrokers brokers)
{
    /// <summary>What librdkafka, kafkajs, kafka-python and the Java clients have in common with Kafka 2.3, the last one without flexible versions.</summary>
    private static readonly (ApiKey Key, short Version)[] Needed =
    [
        (ApiKey.Produce, 7), (ApiKey.Fetch, 11), (ApiKey.ListOffsets, 5), (ApiKey.Metadata, 8), (ApiKey.OffsetCommit, 7), (ApiKey.OffsetFetch, 5),
        (ApiKey.FindCoordinator, 2), (ApiKey.JoinGroup, 5), (ApiKey.Heartbeat, 3), (ApiKey.LeaveGroup, 3), (ApiKey.SyncGroup, 3),
        (ApiKey.DescribeGroups, 4), (ApiKey.ListGroups, 2), (ApiKey.ApiVersions, 3), (ApiKey.CreateTopics, 4), (ApiKey.DeleteTopics, 3),
        (ApiKey.DeleteRecords, 1), (ApiKey.InitProducerId, 1), (ApiKey.OffsetForLeaderEpoch, 3), (ApiKey.DescribeConfigs, 3),
        (ApiKey.CreatePartitions, 1), (ApiKey.DeleteGroups, 1),
    ];

    [Theory, OnEveryBroker(0, 1, 2)]
    public async Task Every_request_that_clients_need_is_offered(BrokerKind kind, int version)
    {
        using var wire = await WireConnection.OpenAsync(await brokers.GetAsync(kind));

        var answer = await wire.AskAsync(ApiKey.ApiVersions, (short)version, new());
        Assert.Equal(ErrorCode.NoError, (ErrorCode)answer.Int16());
        var offered = ReadRanges(answer);

        Assert.DoesNotContain(Needed, needed => !offered.TryGetValue(needed.Key, out var range) || needed.Version < range.Min || needed.Version > range.Max);
        Assert.Equal(version > 0 ? sizeof(int) : 0, answer.Remaining);
    }

    /// <remarks>librdkafka before 2.10 takes a missing version 0 for a broker that cannot compress.</remarks>
    [Theory, OnEveryBroker]
    public async Task Produce_is_offered_from_version_0(BrokerKind kind)
    {
        using var wire = await WireConnection.OpenAsync(await brokers.GetAsync(kind));

        var answer = await wire.AskAsync(ApiKey.ApiVersions, 0, new());
        answer.Int16();

        Assert.Equal(0, ReadRanges(answer)[ApiKey.Produce].Min);
    }

    /// <remarks>The only flexible request whose answer has the old header: a client reads it before it knows the broker.</remarks>
    [Theory, OnEveryBroker]
    public async Task Version_3_is_flexible_behind_the_old_header(BrokerKind kind)
    {
        using var wire = await WireConnection.OpenAsync(await brokers.GetAsync(kind));
        var body = new RequestWriter().Int8(5).Raw("test"u8).Int8(4).Raw("1.0"u8).Int8(0);

        var answer = await wire.AskAsync(ApiKey.ApiVersions, 3, body, headerVersion: 2);

        Assert.Equal(ErrorCode.NoError, (ErrorCode)answer.Int16());
        var offered = new HashSet<ApiKey>();
        for (var left = answer.CompactLength(); left > 0; left--)
        {
            offered.Add((ApiKey)answer.Int16());
            Assert.InRange(answer.Int16(), 0, answer.Int16());
            Assert.Equal(0, answer.Int8());
        }

        Assert.DoesNotContain(Needed, needed => !offered.Contains(needed.Key));
    }

    [Theory, OnEveryBroker]
    public async Task A_newer_version_is_answered_with_the_versions_that_there_are_in_the_oldest_form(BrokerKind kind)
    {
        using var wire = await WireConnection.OpenAsync(await brokers.GetAsync(kind));
        var known = await wire.AskAsync(ApiKey.ApiVersions, 0, new());
        known.Int16();
        var offered = ReadRanges(known)[ApiKey.ApiVersions];
        var body = new RequestWriter().Int8(5).Raw("test"u8).Int8(4).Raw("1.0"u8).Int8(0);

        var answer = await wire.AskAsync(ApiKey.ApiVersions, (short)(offered.Max + 1), body, headerVersion: 2);

        Assert.Equal(ErrorCode.UnsupportedVersion, (ErrorCode)answer.Int16());
        Assert.Equal(offered, ReadRanges(answer)[ApiKey.ApiVersions]);
        Assert.Equal(0, answer.Remaining);
        Assert.Equal(ErrorCode.NoError, (ErrorCode)(await wire.AskAsync(ApiKey.ApiVersions, 0, new())).Int16());
    }

    private static Dictionary<ApiKey, (short Min, short Max)> ReadRanges(ResponseReader answer) =>
        answer.Array(range => (Key: (ApiKey)range.Int16(), Min: range.Int16(), Max: range.Int16())).ToDictionary(range => range.Key, range => (range.Min, range.Max));
}
