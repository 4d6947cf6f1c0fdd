using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>Members of a group share the partitions: each is read by somebody, and none by two at a time.</summary>
public sealed class GroupTests(SharedBrokers brokers)
{
    private const int Partitions = 6;

    [Theory, OnEveryBroker(PartitionAssignmentStrategy.Range, PartitionAssignmentStrategy.RoundRobin, PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Members_come_and_go_under_load_and_no_record_is_missed(BrokerKind kind, PartitionAssignmentStrategy strategy)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Partitions);
        var group = ConfluentClients.NewGroup();
        var ledger = new Ownership();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var written = WriteUntilAsync(broker, topic, stop.Token);

        await using (var first = GroupMember.Join(broker, topic, group, ledger, strategy))
        {
            await ledger.WaitForOwnersAsync(1, Partitions);
            await using var second = GroupMember.Join(broker, topic, group, ledger, strategy);
            await ledger.WaitForOwnersAsync(2, Partitions);
            await using (var third = GroupMember.Join(broker, topic, group, ledger, strategy))
            {
                await ledger.WaitForOwnersAsync(3, Partitions);
            }

            await ledger.WaitForOwnersAsync(2, Partitions);
            await first.DisposeAsync();
            await ledger.WaitForOwnersAsync(1, Partitions);
            await stop.CancelAsync();
            await Eventually.SeesAsync(() => ledger.Read.Count, count => count >= written.Result);
        }

        Assert.Empty(ledger.Overlaps);
        Assert.Equal(Enumerable.Range(0, await written), ledger.Read.Keys.Order());
    }

    [Theory, OnEveryBroker]
    public async Task A_static_member_that_comes_back_has_its_partitions_again_and_disturbs_nobody(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Partitions);
        var group = ConfluentClients.NewGroup();
        var ledger = new Ownership();
        await using var other = GroupMember.Join(broker, topic, group, ledger, instance: "other");
        IReadOnlyList<int> before;
        int assignments;
        await using (var member = GroupMember.Join(broker, topic, group, ledger, instance: "mover"))
        {
            await ledger.WaitForOwnersAsync(2, Partitions);
            (before, assignments) = (member.Owned, other.Assignments);
        }

        await using var again = GroupMember.Join(broker, topic, group, ledger, instance: "mover");
        await ledger.WaitForOwnersAsync(2, Partitions);

        Assert.Equal(before, again.Owned);
        Assert.Equal(assignments, other.Assignments);
    }

    [Theory, OnEveryBroker]
    public async Task A_static_member_that_stays_away_loses_its_partitions_after_the_session_timeout(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Partitions);
        var group = ConfluentClients.NewGroup();
        var ledger = new Ownership();
        await using var other = GroupMember.Join(broker, topic, group, ledger, instance: "other");
        await using (var member = GroupMember.Join(broker, topic, group, ledger, instance: "leaver", sessionTimeoutMs: 6000))
        {
            await ledger.WaitForOwnersAsync(2, Partitions);
        }

        await ledger.WaitForOwnersAsync(1, Partitions);

        Assert.Equal(Enumerable.Range(0, Partitions), other.Owned);
    }

    [Theory, OnEveryBroker]
    public async Task Of_two_members_with_the_same_instance_id_the_first_one_is_shut_out(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0");
        using var first = broker.NewConsumer(group, config => config.GroupInstanceId = "one");
        first.Subscribe(topic);
        first.ConsumeNext();
        using var second = broker.NewConsumer(group, config => config.GroupInstanceId = "one");
        second.Subscribe(topic);
        second.ConsumeNext();

        var fenced = Assert.Throws<ConsumeException>(() => first.ConsumeNext());

        Assert.True(fenced.Error.Code is ErrorCode.FencedInstanceId or ErrorCode.Local_Fatal, $"{fenced.Error}");
    }

    [Theory, OnEveryBroker]
    public async Task A_group_goes_on_where_it_committed(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0", "1", "2", "3");
        using (var first = broker.NewConsumer(group))
        {
            first.Subscribe(topic);
            Assert.Equal("0", first.ConsumeNext().Message.Value);
            first.Commit(first.ConsumeNext());
            Assert.Equal("2", first.ConsumeNext().Message.Value);
            first.Close();
        }

        using var second = broker.NewConsumer(group);
        second.Subscribe(topic);

        Assert.Equal("2", second.ConsumeNext().Message.Value);
    }

    [Theory, OnEveryBroker]
    public async Task An_offset_is_kept_with_its_note_and_a_group_without_one_has_none(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        using var wire = await WireConnection.OpenAsync(broker);

        Assert.Equal(ErrorCode.NoError, await wire.CommitAsync(group, topic, 41, "the note: żółć"));
        Assert.Equal(new Committed(41, "the note: żółć"), await wire.FetchCommittedAsync(group, topic));

        Assert.Equal(ErrorCode.NoError, await wire.CommitAsync(group, topic, 42, ""));
        Assert.Equal(new Committed(42, ""), await wire.FetchCommittedAsync(group, topic));

        Assert.Equal(new Committed(-1, ""), await wire.FetchCommittedAsync(ConfluentClients.NewGroup(), topic));
    }

    [Theory, OnEveryBroker]
    public async Task Only_members_commit_for_a_group_that_has_some(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0");
        using var member = broker.NewConsumer(group);
        member.Subscribe(topic);
        member.ConsumeNext();
        using var wire = await WireConnection.OpenAsync(broker);

        Assert.Equal(ErrorCode.UnknownMemberId, await wire.CommitAsync(group, topic, 1, null));

        member.Close();
        Assert.Equal(ErrorCode.NoError, await wire.CommitAsync(group, topic, 1, null));
    }

    [Theory, OnEveryBroker]
    public async Task Members_without_a_common_strategy_do_not_form_a_group(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0");
        using var first = broker.NewConsumer(group, config => config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range);
        first.Subscribe(topic);
        first.ConsumeNext();
        using var second = broker.NewConsumer(
            group,
            config => config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.RoundRobin);
        second.Subscribe(topic);

        var refused = Assert.Throws<ConsumeException>(() => second.ConsumeNext());

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, refused.Error.Code);
    }

    /// <summary>Writes the numbers from 0 until it is told to stop, to all partitions in turn; returns how many.</summary>
    private static async Task<int> WriteUntilAsync(BrokerUnderTest broker, string topic, CancellationToken cancellationToken)
    {
        using var producer = broker.NewProducer();
        var number = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            await producer.ProduceAsync(new TopicPartition(topic, number % Partitions), new() { Value = $"{number}" }, CancellationToken.None);
            number++;
        }

        return number;
    }
}
