using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>Topics and groups as operators see and change them.</summary>
public sealed class AdminTests(SharedBrokers brokers)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory, OnEveryBroker]
    public async Task The_cluster_is_one_broker_that_controls_itself(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);

        var cluster = await broker.Admin.DescribeClusterAsync();
        var metadata = broker.Admin.GetMetadata(Deadline);

        var node = Assert.Single(cluster.Nodes);
        Assert.Equal(("localhost", broker.Port, node.Id), (node.Host, node.Port, cluster.Controller.Id));
        Assert.NotEmpty(cluster.ClusterId);
        Assert.Equal(broker.Port, Assert.Single(metadata.Brokers).Port);
    }

    [Theory, OnEveryBroker(1, 5, -1)]
    public async Task A_topic_has_the_partitions_it_was_created_with_or_the_broker_s_default_of_twelve(BrokerKind kind, int partitions)
    {
        var broker = await brokers.GetAsync(kind);
        var name = NewTopic();

        await broker.Admin.CreateTopicsAsync([new() { Name = name, NumPartitions = partitions, ReplicationFactor = -1 }]);

        var expected = partitions > 0 ? partitions : 12;
        await broker.WaitForTopicAsync(name, expected);
        var topic = Assert.Single(broker.Admin.GetMetadata(name, Deadline).Topics);
        Assert.Equal(Enumerable.Range(0, expected), topic.Partitions.Select(partition => partition.PartitionId).Order());
        Assert.All(topic.Partitions, partition => Assert.Equal([partition.Leader], partition.InSyncReplicas));
    }

    [Theory]
    [OnEveryBroker("the same name", "no name", "a name with a slash", "no partitions", "two replicas", "a setting that there is not", "a setting of the wrong kind")]
    public async Task A_topic_is_refused_with(BrokerKind kind, string wrong)
    {
        var broker = await brokers.GetAsync(kind);
        var (topic, expected) = wrong switch
        {
            "the same name" => (new TopicSpecification { Name = await broker.CreateTopicAsync(), NumPartitions = 1 }, ErrorCode.TopicAlreadyExists),
            "no name" => (new() { Name = "", NumPartitions = 1 }, ErrorCode.TopicException),
            "a name with a slash" => (new() { Name = $"{NewTopic()}/..", NumPartitions = 1 }, ErrorCode.TopicException),
            "no partitions" => (new() { Name = NewTopic(), NumPartitions = 0 }, ErrorCode.InvalidPartitions),
            "two replicas" => (new() { Name = NewTopic(), NumPartitions = 1, ReplicationFactor = 2 }, ErrorCode.InvalidReplicationFactor),
            "a setting that there is not" => (new() { Name = NewTopic(), NumPartitions = 1, Configs = new() { ["no.such"] = "1" } }, ErrorCode.InvalidConfig),
            _ => (new() { Name = NewTopic(), NumPartitions = 1, Configs = new() { ["retention.ms"] = "long" } }, ErrorCode.InvalidConfig),
        };

        var refused = await Assert.ThrowsAsync<CreateTopicsException>(() => broker.Admin.CreateTopicsAsync([topic]));

        Assert.Equal(expected, Assert.Single(refused.Results).Error.Code);
    }

    [Theory, OnEveryBroker]
    public async Task A_topic_that_is_only_validated_is_not_created(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var name = NewTopic();

        await broker.Admin.CreateTopicsAsync([new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 }], new() { ValidateOnly = true });

        Assert.DoesNotContain(broker.Admin.GetMetadata(Deadline).Topics, topic => topic.Topic == name);
    }

    [Theory, OnEveryBroker]
    public async Task A_deleted_topic_is_gone_and_one_of_the_same_name_starts_empty(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var name = await broker.CreateTopicAsync();
        await broker.ProduceAsync(name, "0", "1");

        await broker.Admin.DeleteTopicsAsync([name]);
        await Eventually.SeesAsync(() => broker.Admin.GetMetadata(Deadline).Topics.ConvertAll(topic => topic.Topic), topics => !topics.Contains(name));
        await broker.Admin.CreateTopicsAsync([new() { Name = name, NumPartitions = 2, ReplicationFactor = 1 }]);
        await broker.WaitForTopicAsync(name, 2);
        await broker.ProduceAsync(name, "new");

        var record = Assert.Single(broker.ReadAll(name));
        Assert.Equal((0, "new"), (record.Offset.Value, record.Message.Value));
    }

    [Theory, OnEveryBroker]
    public async Task A_topic_that_does_not_exist_cannot_be_deleted(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);

        var refused = await Assert.ThrowsAsync<DeleteTopicsException>(() => broker.Admin.DeleteTopicsAsync([NewTopic()]));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, Assert.Single(refused.Results).Error.Code);
    }

    [Theory, OnEveryBroker]
    public async Task Partitions_can_be_added_and_not_taken_away(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(partitions: 2);
        await broker.ProduceAsync(topic, "0");

        await broker.Admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 4 }]);
        await broker.WaitForTopicAsync(topic, 4);
        var refused = await Assert.ThrowsAsync<CreatePartitionsException>(() => broker.Admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 3 }]));

        Assert.Equal(ErrorCode.InvalidPartitions, Assert.Single(refused.Results).Error.Code);
        Assert.Equal(4, Assert.Single(broker.Admin.GetMetadata(topic, Deadline).Topics).Partitions.Count);
        Assert.Single(broker.ReadAll(topic));
    }

    [Theory, OnEveryBroker]
    public async Task A_topic_s_settings_are_what_it_was_given_and_defaults_for_the_rest(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(1, ("retention.ms", "86400000"), ("max.message.bytes", "2000000"));

        var described = Assert.Single(await broker.Admin.DescribeConfigsAsync([Resource(topic)])).Entries;

        foreach (var (name, value, isDefault) in new (string, string, bool?)[]
        {
            ("retention.ms", "86400000", false),
            ("max.message.bytes", "2000000", false),
            ("retention.bytes", "-1", true),
            ("cleanup.policy", "delete", true),
            ("message.timestamp.type", "CreateTime", true),
            ("min.insync.replicas", "1", null),
        })
        {
            Assert.True(described.TryGetValue(name, out var entry), $"{name} is not among {string.Join(", ", described.Keys)}.");
            Assert.Equal((name, value, isDefault), (name, entry.Value, isDefault is null ? null : entry.IsDefault));
        }
    }

    [Theory, OnEveryBroker]
    public async Task Settings_of_a_topic_that_does_not_exist_are_an_error(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);

        var refused = await Assert.ThrowsAsync<DescribeConfigsException>(() => broker.Admin.DescribeConfigsAsync([Resource(NewTopic())]));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, Assert.Single(refused.Results).Error.Code);
    }

    [Theory, OnEveryBroker]
    public async Task One_setting_of_a_topic_can_be_changed_and_taken_back_and_the_others_stay(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(1, ("retention.ms", "86400000"));

        await ChangeAsync(new() { Name = "max.message.bytes", Value = "2000000", IncrementalOperation = AlterConfigOpType.Set });
        await SeesSettingsAsync(broker, topic, ("max.message.bytes", "2000000"), ("retention.ms", "86400000"));
        await ChangeAsync(new() { Name = "max.message.bytes", IncrementalOperation = AlterConfigOpType.Delete });
        await SeesSettingsAsync(broker, topic, ("max.message.bytes", "1048588"), ("retention.ms", "86400000"));

        Task ChangeAsync(ConfigEntry change) => broker.Admin.IncrementalAlterConfigsAsync(new() { [Resource(topic)] = [change] });
    }

    [Theory, OnEveryBroker]
    public async Task The_settings_of_a_topic_can_be_replaced_and_what_is_not_named_is_the_default_again(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(1, ("retention.ms", "86400000"));

        await broker.Admin.AlterConfigsAsync(new() { [Resource(topic)] = [new() { Name = "max.message.bytes", Value = "2000000" }] });

        await SeesSettingsAsync(broker, topic, ("max.message.bytes", "2000000"), ("retention.ms", "604800000"));
    }

    [Theory, OnEveryBroker("no.such.setting", "max.message.bytes")]
    public async Task A_setting_is_refused_that_is_unknown_or_has_no_such_value(BrokerKind kind, string name)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();

        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => broker.Admin.IncrementalAlterConfigsAsync(new()
        {
            [Resource(topic)] = [new() { Name = name, Value = "many", IncrementalOperation = AlterConfigOpType.Set }],
        }));

        Assert.Equal(ErrorCode.InvalidConfig, Assert.Single(refused.Results).Error.Code);
    }

    [Theory, OnEveryBroker]
    public async Task A_group_is_listed_and_described_with_its_members_and_what_they_own(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(partitions: 3);
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0");
        using var member = broker.NewConsumer(group, config => (config.ClientId, config.GroupInstanceId) = ("conformance-client", "instance-1"));
        member.Subscribe(topic);
        member.ConsumeNext();

        var listed = (await broker.Admin.ListConsumerGroupsAsync()).Valid.Single(candidate => candidate.GroupId == group);
        var described = Assert.Single((await broker.Admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions);

        Assert.False(listed.IsSimpleConsumerGroup);
        Assert.Equal((ConsumerGroupState.Stable, "range"), (described.State, described.PartitionAssignor));
        var only = Assert.Single(described.Members);
        Assert.Equal(("conformance-client", "instance-1"), (only.ClientId, only.GroupInstanceId));
        Assert.Equal([0, 1, 2], only.Assignment.TopicPartitions.Select(partition => partition.Partition.Value).Order());
    }

    [Theory, OnEveryBroker]
    public async Task A_group_can_be_deleted_once_it_has_no_members_and_its_offsets_go_with_it(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0");
        using var member = broker.NewConsumer(group);
        member.Subscribe(topic);
        member.Commit(member.ConsumeNext());

        var refused = await Assert.ThrowsAsync<DeleteGroupsException>(() => broker.Admin.DeleteGroupsAsync([group]));
        Assert.Equal(ErrorCode.NonEmptyGroup, Assert.Single(refused.Results).Error.Code);
        Assert.Equal(1, await CommittedAsync(broker, group, topic));

        member.Close();
        await broker.Admin.DeleteGroupsAsync([group]);

        Assert.Equal(Offset.Unset, await CommittedAsync(broker, group, topic));
        Assert.DoesNotContain((await broker.Admin.ListConsumerGroupsAsync()).Valid, candidate => candidate.GroupId == group);
    }

    [Theory, OnEveryBroker]
    public async Task A_group_that_does_not_exist_cannot_be_deleted(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);

        var group = ConfluentClients.NewGroup();

        // Kafka asks clients to come again while a coordinator is found or reads its topic.
        var error = await Eventually.SeesAsync(
            async () => Assert.Single((await Assert.ThrowsAsync<DeleteGroupsException>(() => broker.Admin.DeleteGroupsAsync([group]))).Results).Error.Code,
            seen => seen is not (ErrorCode.GroupLoadInProgress or ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupCoordinatorNotAvailable));

        Assert.Equal(ErrorCode.GroupIdNotFound, error);
    }

    [Theory, OnEveryBroker]
    public async Task An_operator_can_move_the_offsets_of_a_group_without_members(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        await broker.ProduceAsync(topic, "0", "1", "2");

        await broker.Admin.AlterConsumerGroupOffsetsAsync([new(group, [new(topic, 0, 2)])]);

        Assert.Equal(2, await CommittedAsync(broker, group, topic));
        using var member = broker.NewConsumer(group);
        member.Subscribe(topic);
        Assert.Equal("2", member.ConsumeNext().Message.Value);
    }

    private static string NewTopic() => $"topic-{Guid.NewGuid():N}";

    private static async Task<Offset> CommittedAsync(BrokerUnderTest broker, string group, string topic)
    {
        var found = await broker.Admin.ListConsumerGroupOffsetsAsync([new(group, [new(topic, 0)])]);
        return Assert.Single(Assert.Single(found).Partitions).Offset;
    }

    [Theory, OnEveryBroker]
    public async Task An_operator_can_make_a_group_forget_its_offsets_of_one_partition(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(partitions: 2);
        var group = ConfluentClients.NewGroup();
        using (var wire = await WireConnection.OpenAsync(broker))
        {
            Assert.Equal(ErrorCode.NoError, await wire.CommitAsync(group, topic, 5, null));
        }

        await broker.Admin.DeleteConsumerGroupOffsetsAsync(group, [new(topic, 0)]);

        using var after = await WireConnection.OpenAsync(broker);
        Assert.Equal(new Committed(-1, ""), await after.FetchCommittedAsync(group, topic));
    }

    private static ConfigResource Resource(string topic) => new() { Type = ResourceType.Topic, Name = topic };

    private static Task<string> SeesSettingsAsync(BrokerUnderTest broker, string topic, params (string Name, string Value)[] expected) => Eventually.SeesAsync(
        async () =>
        {
            var entries = Assert.Single(await broker.Admin.DescribeConfigsAsync([Resource(topic)])).Entries;
            return string.Join(' ', expected.Select(setting => $"{setting.Name}={entries[setting.Name].Value}"));
        },
        seen => seen == string.Join(' ', expected.Select(setting => $"{setting.Name}={setting.Value}")));
}
