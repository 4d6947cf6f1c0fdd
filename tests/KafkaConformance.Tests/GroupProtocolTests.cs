using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>The steps of a rebalance, seen by members that take them one by one.</summary>
public sealed class GroupProtocolTests(SharedBrokers brokers)
{
    [Theory, OnEveryBroker]
    public async Task A_new_member_is_named_by_the_broker_and_comes_again_with_the_name(BrokerKind kind)
    {
        using var member = await WireMember.ConnectAsync(await brokers.GetAsync(kind), ConfluentClients.NewGroup());

        var named = await member.JoinOnceAsync();
        var id = member.Id;
        var joined = await member.JoinOnceAsync();

        Assert.Equal((ErrorCode.MemberIdRequired, ErrorCode.NoError), (named.Error, joined.Error));
        Assert.NotEmpty(id);
        Assert.Equal((id, id, 1, "range"), (member.Id, joined.Leader, joined.Generation, joined.Protocol));
        Assert.Equal([id], joined.Members);
    }

    [Theory, OnEveryBroker]
    public async Task The_leader_assigns_and_the_others_wait_for_it(BrokerKind kind)
    {
        var group = ConfluentClients.NewGroup();
        using var first = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        using var second = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        await JoinAloneAsync(first);

        var joining = second.JoinAsync();
        await WaitForRebalanceAsync(first);
        var (leader, follower) = (await first.JoinAsync(), await joining);
        var waiting = second.SyncAsync();
        var brought = await first.SyncAsync((first.Id, "for the first"), (second.Id, "for the second"));

        Assert.Equal((first.Id, first.Id, 2, 2), (leader.Leader, follower.Leader, leader.Generation, follower.Generation));
        Assert.Equal(new[] { first.Id, second.Id }.Order(StringComparer.Ordinal), leader.Members.Order(StringComparer.Ordinal));
        Assert.Empty(follower.Members);
        Assert.Equal((ErrorCode.NoError, "for the first"), brought);
        Assert.Equal((ErrorCode.NoError, "for the second"), await waiting);
    }

    [Theory, OnEveryBroker]
    public async Task Members_agree_on_the_strategy_that_all_of_them_know(BrokerKind kind)
    {
        var group = ConfluentClients.NewGroup();
        using var first = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        using var second = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        Assert.Equal("sticky", (await JoinAloneAsync(first, "sticky", "range")).Protocol);

        var joining = second.JoinAsync(protocols: ["roundrobin", "range"]);
        await WaitForRebalanceAsync(first);
        var again = await first.JoinAsync(protocols: ["sticky", "range"]);

        Assert.Equal(("range", "range"), (again.Protocol, (await joining).Protocol));
    }

    [Theory, OnEveryBroker]
    public async Task A_heartbeat_tells_a_member_what_it_has_missed(BrokerKind kind)
    {
        var group = ConfluentClients.NewGroup();
        using var member = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        await JoinAloneAsync(member);

        Assert.Equal(ErrorCode.NoError, await member.HeartbeatAsync());
        Assert.Equal(ErrorCode.IllegalGeneration, await member.HeartbeatAsync(generation: member.Generation - 1));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync(member: "nobody"));

        using var second = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        var joining = second.JoinAsync();
        await WaitForRebalanceAsync(member);
        await member.LeaveAsync();
        Assert.Equal(ErrorCode.NoError, (await joining).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync());
    }

    [Theory, OnEveryBroker]
    public async Task A_member_that_does_not_come_to_a_rebalance_in_time_is_left_out(BrokerKind kind)
    {
        var group = ConfluentClients.NewGroup();
        using var slow = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        using var other = await WireMember.ConnectAsync(await brokers.GetAsync(kind), group);
        await slow.JoinAsync(rebalanceTimeoutMs: 500);
        await slow.SyncAsync((slow.Id, "everything"));

        var joined = await other.JoinAsync(rebalanceTimeoutMs: 500);

        Assert.Equal((ErrorCode.NoError, other.Id), (joined.Error, joined.Leader));
        Assert.Equal([other.Id], joined.Members);
        Assert.Equal(ErrorCode.UnknownMemberId, await slow.HeartbeatAsync());
    }

    [Theory, OnEveryBroker]
    public async Task A_member_of_an_earlier_generation_commits_nothing(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        using var member = await WireMember.ConnectAsync(broker, group);
        await JoinAloneAsync(member);

        Assert.Equal(ErrorCode.IllegalGeneration, await member.CommitAsync(topic, 7, member.Generation + 1));
        Assert.Equal(ErrorCode.IllegalGeneration, await member.CommitAsync(topic, 7, member.Generation - 1));
        Assert.Equal(ErrorCode.NoError, await member.CommitAsync(topic, 8));

        using var wire = await WireConnection.OpenAsync(broker);
        Assert.Equal(8, (await wire.FetchCommittedAsync(group, topic)).Offset);
    }

    [Theory, OnEveryBroker]
    public async Task Only_a_member_can_leave(BrokerKind kind)
    {
        using var member = await WireMember.ConnectAsync(await brokers.GetAsync(kind), ConfluentClients.NewGroup());
        await JoinAloneAsync(member);

        Assert.Equal(ErrorCode.UnknownMemberId, await member.LeaveAsync("nobody"));
        Assert.Equal(ErrorCode.NoError, await member.LeaveAsync());
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync());
    }

    private static async Task<Joined> JoinAloneAsync(WireMember member, params string[] protocols)
    {
        var joined = await member.JoinAsync(protocols: protocols);
        Assert.Equal((ErrorCode.NoError, "everything"), await member.SyncAsync((member.Id, "everything")));
        return joined;
    }

    private static Task<ErrorCode> WaitForRebalanceAsync(WireMember member) =>
        Eventually.SeesAsync(() => member.HeartbeatAsync(), error => error == ErrorCode.RebalanceInProgress);
}
