using System.Buffers.Binary;
using System.Text;
using KafkaBroker.Protocol;

namespace KafkaBroker.Tests.Running;

/// <summary>Requests as clients make them, without their lengths.</summary>
internal sealed class RequestFrame
{
    private readonly List<byte> _bytes = [];

    private RequestFrame(ApiKey key, short version) => Int16((short)key).Int16(version).Int32(7).Text("client");

    /// <summary>A request with something in it of every kind, in every version that is served.</summary>
    public static IEnumerable<byte[]> All(string topic, string group) =>
    [
        .. Versions(3, version => ApiVersions(version)),
        .. Versions(8, version => Of(ApiKey.Metadata, version).List(1, each => each.Text(topic)).If(version >= 4, each => each.Int8(0)).If(version >= 8, each => each.Int16(0))),
        .. Versions(7, version => Produce(version, topic, TestBatch.OfCount(3))),
        .. Versions(11, version => Fetch(version, topic)),
        .. Versions(5, version => Of(ApiKey.ListOffsets, version).Int32(-1).If(version >= 2, each => each.Int8(0)).Partitions(topic, each =>
            each.If(version >= 4, epoch => epoch.Int32(-1)).Int64(500).If(version == 0, count => count.Int32(1)))),
        .. Versions(7, version => OffsetCommit(version, topic, group)),
        .. Versions(5, version => Of(ApiKey.OffsetFetch, version).Text(group).Partitions(topic, each => each)),
        .. Versions(2, version => Of(ApiKey.FindCoordinator, version).Text(group).If(version >= 1, each => each.Int8(0))),
        .. Versions(5, version => JoinGroup(version, group)),
        .. Versions(3, version => Of(ApiKey.Heartbeat, version).Text(group).Int32(1).Text("member").If(version >= 3, each => each.Text(null))),
        .. Versions(3, version => version < 3
            ? Of(ApiKey.LeaveGroup, version).Text(group).Text("member")
            : Of(ApiKey.LeaveGroup, version).Text(group).List(1, each => each.Text("member").Text("pod"))),
        .. Versions(3, version => Of(ApiKey.SyncGroup, version).Text(group).Int32(1).Text("member").If(version >= 3, each => each.Text(null))
            .List(1, each => each.Text("member").Bytes([1, 2, 3]))),
        .. Versions(4, version => Of(ApiKey.DescribeGroups, version).List(1, each => each.Text(group)).If(version >= 3, each => each.Int8(0))),
        .. Versions(2, version => Of(ApiKey.ListGroups, version)),
        .. Versions(4, version => Of(ApiKey.CreateTopics, version)
            .List(1, each => each.Text("made").Int32(1).Int16(1).List(0, none => none).List(1, setting => setting.Text("retention.ms").Text("1000")))
            .Int32(1000).If(version >= 1, each => each.Int8(1))),
        .. Versions(3, version => Of(ApiKey.DeleteTopics, version).List(1, each => each.Text("none")).Int32(1000)),
        .. Versions(1, version => Of(ApiKey.DeleteRecords, version).Partitions(topic, each => each.Int64(0)).Int32(1000)),
        .. Versions(1, version => Of(ApiKey.InitProducerId, version).Text(null).Int32(1000)),
        .. Versions(3, version => Of(ApiKey.OffsetForLeaderEpoch, version).If(version >= 3, each => each.Int32(-1))
            .Partitions(topic, each => each.If(version >= 2, epoch => epoch.Int32(-1)).Int32(0))),
        .. Versions(3, version => Of(ApiKey.DescribeConfigs, version).List(1, each => each.Int8(2).Text(topic).List(1, name => name.Text("retention.ms")))
            .If(version >= 1, each => each.Int8(1)).If(version >= 3, each => each.Int8(1))),
        .. Versions(1, version => Of(ApiKey.AlterConfigs, version)
            .List(1, each => each.Int8(2).Text(topic).List(1, setting => setting.Text("flush.ms").Text("1000"))).Int8(0)),
        .. Versions(1, version => Of(ApiKey.CreatePartitions, version).List(1, each => each.Text(topic).Int32(3).Int32(-1)).Int32(1000).Int8(1)),
        .. Versions(1, version => Of(ApiKey.DeleteGroups, version).List(1, each => each.Text("none"))),
        .. Versions(0, version => Of(ApiKey.IncrementalAlterConfigs, version)
            .List(1, each => each.Int8(2).Text(topic).List(1, setting => setting.Text("flush.ms").Int8(0).Text("1000"))).Int8(0)),
        .. Versions(0, version => Of(ApiKey.OffsetDelete, version).Text(group).Partitions(topic, each => each)),
    ];

    public static byte[] Produce(short version, string topic, byte[] records, short acks = -1) => Of(ApiKey.Produce, version)
        .If(version >= 3, each => each.Text(null)).Int16(acks).Int32(1000).Partitions(topic, each => each.Bytes(records)).ToArray();

    public static byte[] Fetch(short version, string topic, int maxWait = 0) => Of(ApiKey.Fetch, version)
        .Int32(-1).Int32(maxWait).Int32(1).If(version >= 3, each => each.Int32(1_000_000)).If(version >= 4, each => each.Int8(1))
        .If(version >= 7, each => each.Int32(0).Int32(-1))
        .Partitions(topic, each => each.If(version >= 9, epoch => epoch.Int32(-1)).Int64(0).If(version >= 5, start => start.Int64(-1)).Int32(1_000_000))
        .If(version >= 7, each => each.List(0, none => none)).If(version >= 11, each => each.Text("")).ToArray();

    public static byte[] Metadata(string? topic = null) => topic is null
        ? Of(ApiKey.Metadata, 1).Int32(-1).ToArray()
        : Of(ApiKey.Metadata, 1).List(1, each => each.Text(topic)).ToArray();

    public static byte[] ApiVersions(short version) => version < 3
        ? Of(ApiKey.ApiVersions, version).ToArray()
        : Of(ApiKey.ApiVersions, version).Int8(0).Int8(2).Int8((sbyte)'a').Int8(2).Int8((sbyte)'1').Int8(0).ToArray();

    public static byte[] CreateTopic(string topic) => Of(ApiKey.CreateTopics, 1)
        .List(1, each => each.Text(topic).Int32(1).Int16(1).List(0, none => none).List(0, none => none)).Int32(1000).Int8(0).ToArray();

    public static byte[] Header(short key, short version) => Of((ApiKey)key, version).ToArray();

    public byte[] ToArray() => [.. _bytes];

    private static byte[] OffsetCommit(short version, string topic, string group) => Of(ApiKey.OffsetCommit, version).Text(group)
        .If(version >= 1, each => each.Int32(-1).Text("")).If(version >= 7, each => each.Text(null)).If(version is >= 2 and <= 4, each => each.Int64(-1))
        .Partitions(topic, each => each.Int64(1).If(version >= 6, epoch => epoch.Int32(0)).If(version == 1, time => time.Int64(-1)).Text("metadata")).ToArray();

    private static byte[] JoinGroup(short version, string group) => Of(ApiKey.JoinGroup, version).Text(group).Int32(10_000)
        .If(version >= 1, each => each.Int32(10_000)).Text("").If(version >= 5, each => each.Text(null)).Text("consumer")
        .List(1, each => each.Text("range").Bytes([0, 0])).ToArray();

    private static IEnumerable<byte[]> Versions(short max, Func<short, RequestFrame> make) => Versions(max, version => make(version).ToArray());

    private static IEnumerable<byte[]> Versions(short max, Func<short, byte[]> make) => Enumerable.Range(0, max + 1).Select(version => make((short)version));

    private static RequestFrame Of(ApiKey key, short version) => new(key, version);

    private RequestFrame If(bool condition, Func<RequestFrame, RequestFrame> then) => condition ? then(this) : this;

    private RequestFrame List(int count, Func<RequestFrame, RequestFrame> element)
    {
        Int32(count);
        for (; count > 0; count--)
        {
            element(this);
        }

        return this;
    }

    private RequestFrame Partitions(string topic, Func<RequestFrame, RequestFrame> partition) =>
        List(1, each => each.Text(topic).List(1, one => partition(one.Int32(0))));

    private RequestFrame Int8(sbyte value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    private RequestFrame Int16(short value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    private RequestFrame Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    private RequestFrame Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    private RequestFrame Text(string? value)
    {
        Int16((short)(value is null ? -1 : Encoding.UTF8.GetByteCount(value)));
        _bytes.AddRange(Encoding.UTF8.GetBytes(value ?? ""));
        return this;
    }

    private RequestFrame Bytes(byte[] value)
    {
        Int32(value.Length);
        _bytes.AddRange(value);
        return this;
    }
}
