using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using static KafkaBroker.Tests.Groups.TestGroups;

namespace KafkaBroker.Tests.Groups;

public sealed class ConsumerGroupTests
{
    [Fact]
    public async Task A_new_client_is_given_an_id_to_join_with()
    {
        using var groups = new TestGroups();

        var invited = await Done(groups.JoinAsync(asksForMemberId: true));
        Assert.Equal(ErrorCode.MemberIdRequired, invited.Error);
        var joined = await Done(groups.JoinAsync(invited.MemberId, asksForMemberId: true));

        Assert.Equal((ErrorCode.None, 1, invited.MemberId), (joined.Error, joined.Generation, joined.Leader));
        Assert.Equal([invited.MemberId], joined.Members.Select(member => member.MemberId));
    }

    [Fact]
    public async Task A_client_that_never_comes_back_with_its_id_holds_nobody_up_for_longer_than_a_session()
    {
        using var groups = new TestGroups();
        await Done(groups.JoinAsync(asksForMemberId: true));

        var joining = groups.JoinAsync();
        Assert.False(joining.IsCompleted);
        groups.Pass(Session);

        Assert.Equal(ErrorCode.None, (await Done(joining)).Error);
    }

    [Fact]
    public async Task The_leader_gets_the_members_and_the_follower_what_the_leader_says()
    {
        using var groups = new TestGroups();

        var (leader, follower) = await groups.FormPairAsync();

        Assert.Equal(2, leader.Members.Count);
        Assert.Empty(follower.Members);
        Assert.Equal(leader.MemberId, follower.Leader);
        Assert.Equal(GroupState.Stable, groups.Group.State);
        Assert.Equal([1], (await Done(groups.SyncAsync(leader))).Assignment);
    }

    [Fact]
    public async Task Members_learn_of_a_rebalance_by_their_heartbeat()
    {
        using var groups = new TestGroups();
        var member = await groups.FormAsync();
        Assert.Equal(ErrorCode.None, groups.Heartbeat(member));

        _ = groups.JoinAsync();

        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat(member));
        Assert.Equal(ErrorCode.RebalanceInProgress, (await Done(groups.SyncAsync(member))).Error);
    }

    [Fact]
    public async Task A_follower_that_rejoins_unchanged_disturbs_nobody_and_a_leader_that_does_starts_a_rebalance()
    {
        using var groups = new TestGroups();
        var (leader, follower) = await groups.FormPairAsync();

        Assert.Equal(follower.Generation, (await Done(groups.JoinAsync(follower.MemberId))).Generation);
        Assert.Equal(GroupState.Stable, groups.Group.State);
        _ = groups.JoinAsync(leader.MemberId);
        Assert.Equal(GroupState.PreparingRebalance, groups.Group.State);
    }

    [Fact]
    public async Task Who_does_not_rejoin_in_time_is_out()
    {
        using var groups = new TestGroups();
        var member = await groups.FormAsync();
        var joining = groups.JoinAsync();
        for (var passed = TimeSpan.Zero; passed < RebalanceTimeout; passed += Session / 2)
        {
            Assert.False(joining.IsCompleted);
            groups.Heartbeat(member);
            groups.Pass(Session / 2);
        }

        Assert.Single((await Done(joining)).Members);
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat(member));
    }

    [Fact]
    public async Task Who_does_not_ask_for_its_partitions_in_time_is_out()
    {
        using var groups = new TestGroups();
        var first = await groups.FormAsync();
        var joining = groups.JoinAsync();
        var leader = await Done(groups.JoinAsync(first.MemberId));
        var follower = await Done(joining);
        var waiting = groups.SyncAsync(follower);

        for (var passed = TimeSpan.Zero; passed < RebalanceTimeout; passed += Session / 2)
        {
            groups.Heartbeat(leader);
            groups.Pass(Session / 2);
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, (await Done(waiting)).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat(leader));
    }

    [Fact]
    public async Task Who_gives_no_sign_of_life_for_a_session_is_out()
    {
        using var groups = new TestGroups();
        var (leader, follower) = await groups.FormPairAsync();

        groups.Pass(Session);
        Assert.Equal(ErrorCode.None, groups.Heartbeat(leader));
        groups.Pass(TimeSpan.FromMilliseconds(1));

        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat(leader));
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat(follower));
    }

    [Fact]
    public async Task A_member_that_leaves_makes_the_others_rebalance_and_the_last_one_empties_the_group()
    {
        using var groups = new TestGroups();
        var (leader, follower) = await groups.FormPairAsync();

        Assert.Equal(ErrorCode.None, groups.Group.Leave(leader.MemberId, null));
        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat(follower));
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Group.Leave(leader.MemberId, null));
        Assert.Equal(ErrorCode.None, groups.Group.Leave(follower.MemberId, null));

        Assert.Equal(GroupState.Empty, groups.Group.State);
    }

    [Fact]
    public async Task Old_generations_and_strangers_are_refused()
    {
        using var groups = new TestGroups();
        var member = await groups.FormAsync();

        Assert.Equal(ErrorCode.IllegalGeneration, groups.Heartbeat(member with { Generation = 0 }));
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat(member with { MemberId = "nobody" }));
        Assert.Equal(ErrorCode.UnknownMemberId, (await Done(groups.JoinAsync("nobody"))).Error);
        Assert.Equal(ErrorCode.IllegalGeneration, await Done(groups.CommitAsync(1, member with { Generation = 0 })));
        Assert.Equal(ErrorCode.UnknownMemberId, await Done(groups.CommitAsync(1)));
    }

    [Fact]
    public async Task The_protocol_is_one_that_all_know_and_who_knows_none_of_them_is_refused()
    {
        using var groups = new TestGroups();
        var first = await Done(groups.JoinAsync(protocols: ["cooperative-sticky", "range"]));
        Assert.Equal("cooperative-sticky", first.Protocol);

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await Done(groups.JoinAsync(protocols: ["roundrobin"]))).Error);
        var joining = groups.JoinAsync(protocols: ["range"]);
        await Done(groups.JoinAsync(first.MemberId, protocols: ["cooperative-sticky", "range", "new"]));

        Assert.Equal("range", (await Done(joining)).Protocol);
    }

    [Fact]
    public async Task A_static_member_that_restarts_keeps_its_partitions_and_its_former_self_is_fenced()
    {
        using var groups = new TestGroups();
        var before = await groups.FormAsync("pod-1");

        var after = await Done(groups.JoinAsync(instanceId: "pod-1"));

        Assert.Equal((ErrorCode.None, before.Generation), (after.Error, after.Generation));
        Assert.NotEqual(before.MemberId, after.MemberId);
        Assert.NotEqual(after.MemberId, after.Leader);
        Assert.Equal([42], (await Done(groups.SyncAsync(after))).Assignment);
        Assert.Equal(ErrorCode.FencedInstanceId, groups.Group.Heartbeat(before.MemberId, "pod-1", before.Generation));
    }

    [Fact]
    public async Task A_static_member_can_be_removed_by_its_name()
    {
        using var groups = new TestGroups();
        await groups.FormAsync("pod-1");

        Assert.Equal(ErrorCode.None, groups.Group.Leave("", "pod-1"));

        Assert.Equal(GroupState.Empty, groups.Group.State);
    }

    [Fact]
    public async Task A_stable_group_survives_a_restart_of_the_broker()
    {
        using var groups = new TestGroups();
        var (leader, follower) = await groups.FormPairAsync();

        groups.Restart();

        Assert.Equal(ErrorCode.None, groups.Heartbeat(follower));
        Assert.Equal([1], (await Done(groups.SyncAsync(leader))).Assignment);
        Assert.Equal(ErrorCode.None, await Done(groups.CommitAsync(5, leader)));
    }

    [Fact]
    public async Task Offsets_survive_a_restart_with_their_metadata()
    {
        using var groups = new TestGroups();
        Assert.Equal(ErrorCode.None, await Done(groups.CommitAsync(41)));
        Assert.Equal(ErrorCode.None, await Done(groups.CommitAsync(42, metadata: "half of it")));

        groups.Restart();

        Assert.Equal((42, "half of it"), (groups.Offset?.Offset, groups.Offset?.Metadata));
    }

    [Fact]
    public async Task A_journal_that_is_torn_anywhere_keeps_what_precedes_the_tear()
    {
        using var groups = new TestGroups();
        await Done(groups.CommitAsync(41));
        var path = Assert.Single(Directory.GetFiles(groups.JournalFolder));
        var before = new FileInfo(path).Length;
        await Done(groups.CommitAsync(42));
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        for (var length = before; length < whole.Length; length++)
        {
            groups.Restart(() => File.WriteAllBytes(path, whole[..(int)length]));
            Assert.Equal(41, groups.Offset?.Offset);
        }
    }

    [Fact]
    public async Task A_journal_does_not_grow_with_every_commit()
    {
        using var groups = new TestGroups();
        for (var offset = 0; offset < 20_000; offset++)
        {
            await groups.CommitAsync(offset);
        }

        Assert.InRange(new FileInfo(Assert.Single(Directory.GetFiles(groups.JournalFolder))).Length, 1, 512 * 1024);
        groups.Restart();
        Assert.Equal(19_999, groups.Offset?.Offset);
    }

    [Fact]
    public async Task A_group_is_deleted_only_without_members()
    {
        using var groups = new TestGroups();
        var member = await groups.FormAsync();
        await Done(groups.CommitAsync(1, member));

        Assert.Equal(ErrorCode.NonEmptyGroup, groups.Directory.Delete(Id));
        groups.Group.Leave(member.MemberId, null);
        Assert.Equal(ErrorCode.None, groups.Directory.Delete(Id));
        Assert.Equal(ErrorCode.GroupIdNotFound, groups.Directory.Delete(Id));

        groups.Restart();
        Assert.Null(groups.Directory.Find(Id));
    }

    [Fact]
    public async Task Offsets_without_members_are_kept_for_seven_days()
    {
        using var groups = new TestGroups();
        await Done(groups.CommitAsync(1));

        groups.Pass(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(1, groups.Offset?.Offset);
        groups.Pass(TimeSpan.FromSeconds(1));

        Assert.Null(groups.Directory.Find(Id));
    }
}
