using System.Text;
using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests.Wire;

/// <param name="Error">Whether the member is in.</param>
/// <param name="Generation">Number of the rebalance.</param>
/// <param name="Protocol">The strategy that all members know.</param>
/// <param name="Leader">The member that assigns.</param>
/// <param name="Members">For the leader all members, for the others nobody.</param>
internal sealed record Joined(ErrorCode Error, int Generation, string? Protocol, string? Leader, IReadOnlyList<string> Members);

/// <summary>A member of a group that does only what the test says, on a connection of its own.</summary>
internal sealed class WireMember : IDisposable
{
    private const int SessionTimeoutMs = 30_000;

    private readonly WireConnection _connection;
    private readonly string _group;

    private WireMember(WireConnection connection, string group)
    {
        _connection = connection;
        _group = group;
    }

    /// <summary>What the broker calls it; empty before the first answer.</summary>
    public string Id { get; private set; } = "";

    public int Generation { get; set; }

    public static async Task<WireMember> ConnectAsync(BrokerUnderTest broker, string group)
    {
        var connection = await WireConnection.OpenAsync(broker);
        // Answered when the coordinator has read what it keeps, and not before.
        await connection.FetchCommittedAsync(group, "there-is-none");
        return new(connection, group);
    }

    /// <summary>Joins without an id, and again with the one that the broker names.</summary>
    /// <remarks>Not as a consumer: what consumers say to each other means nothing to the broker, but Apache Kafka reads it.</remarks>
    public async Task<Joined> JoinAsync(int rebalanceTimeoutMs = 30_000, params string[] protocols)
    {
        var joined = await JoinOnceAsync(rebalanceTimeoutMs, protocols);
        return joined.Error == ErrorCode.MemberIdRequired ? await JoinOnceAsync(rebalanceTimeoutMs, protocols) : joined;
    }

    public async Task<Joined> JoinOnceAsync(int rebalanceTimeoutMs = 30_000, params string[] protocols)
    {
        string[] known = protocols.Length > 0 ? protocols : ["range"];
        var body = new RequestWriter().Text(_group).Int32(SessionTimeoutMs).Int32(rebalanceTimeoutMs).Text(Id).Text(null).Text("conformance").Int32(known.Length);
        foreach (var protocol in known)
        {
            body.Text(protocol).Bytes("metadata"u8);
        }

        var answer = await _connection.AskAsync(ApiKey.JoinGroup, 5, body);
        answer.Int32();
        var (error, generation, chosen, leader) = ((ErrorCode)answer.Int16(), answer.Int32(), answer.Text(), answer.Text());
        (Id, Generation) = (answer.Text()!, generation);
        return new(error, generation, chosen, leader, answer.Array(ReadMember));
    }

    /// <summary>Gets its assignment; the leader brings those of all.</summary>
    public async Task<(ErrorCode Error, string Assignment)> SyncAsync(params (string Member, string Assignment)[] assignments)
    {
        var body = new RequestWriter().Text(_group).Int32(Generation).Text(Id).Text(null).Int32(assignments.Length);
        foreach (var (member, assignment) in assignments)
        {
            body.Text(member).Bytes(Encoding.UTF8.GetBytes(assignment));
        }

        var answer = await _connection.AskAsync(ApiKey.SyncGroup, 3, body);
        answer.Int32();
        return ((ErrorCode)answer.Int16(), Encoding.UTF8.GetString(answer.Bytes().Span));
    }

    public async Task<ErrorCode> HeartbeatAsync(string? member = null, int? generation = null)
    {
        var answer = await _connection.AskAsync(ApiKey.Heartbeat, 3, new RequestWriter().Text(_group).Int32(generation ?? Generation).Text(member ?? Id).Text(null));
        answer.Int32();
        return (ErrorCode)answer.Int16();
    }

    /// <returns>What became of the member.</returns>
    public async Task<ErrorCode> LeaveAsync(string? member = null)
    {
        var answer = await _connection.AskAsync(ApiKey.LeaveGroup, 3, new RequestWriter().Text(_group).Int32(1).Text(member ?? Id).Text(null));
        answer.Int32();
        Assert.Equal(ErrorCode.NoError, (ErrorCode)answer.Int16());
        return Assert.Single(answer.Array(left =>
        {
            left.Text();
            left.Text();
            return (ErrorCode)left.Int16();
        }));
    }

    public Task<ErrorCode> CommitAsync(string topic, long offset, int? generation = null) =>
        _connection.CommitAsync(_group, topic, offset, metadata: null, Id, generation ?? Generation);

    public void Dispose() => _connection.Dispose();

    private static string ReadMember(ResponseReader member)
    {
        var id = member.Text()!;
        member.Text();
        Assert.Equal("metadata", Encoding.UTF8.GetString(member.Bytes().Span));
        return id;
    }
}
