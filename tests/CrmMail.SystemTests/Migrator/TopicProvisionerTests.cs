using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CrmMail.Contracts;
using CrmMail.Migrator.Topics;
using Microsoft.Extensions.Options;

namespace CrmMail.SystemTests.Migrator;

public sealed class TopicProvisionerTests(RunningApplication system) : IAsyncLifetime
{
    private IAdminClient _kafka = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _kafka = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", Cancel) }).Build();

    public ValueTask DisposeAsync()
    {
        _kafka.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_topics_are_as_they_are_wanted()
    {
        foreach (var wanted in WantedTopic.From(new TopicOptions()))
        {
            Assert.Equal(wanted.Partitions, await PartitionsAsync(wanted.Name));
            var actual = await _kafka.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = wanted.Name }]);
            Assert.All(wanted.Configuration, setting => Assert.Equal(setting.Value, actual[0].Entries[setting.Key].Value));
        }
    }

    [Fact]
    public async Task Topics_that_are_as_wanted_are_no_news()
    {
        var log = new LineLogger<TopicProvisioner>();
        await ProvisionAsync(new TopicOptions(), log);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_topic_that_differs_is_left_alone_and_reported()
    {
        var log = new LineLogger<TopicProvisioner>();
        await ProvisionAsync(new TopicOptions { Partitions = 14, EventRetention = TimeSpan.FromDays(1) }, log);
        Assert.Collection(
            log.Lines,
            line => Assert.StartsWith("Warning: Topic mail.events has 12 partitions, 14 are configured. Left alone", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Warning: Topic mail.events has retention.ms=-1, 86400000 is configured. Left alone", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Warning: Topic mail.dead-letters has 12 partitions, 14 are configured. Left alone", line, StringComparison.Ordinal));
        Assert.Equal(12, await PartitionsAsync(MailTopics.Events));
    }

    private Task ProvisionAsync(TopicOptions options, LineLogger<TopicProvisioner> log) =>
        new TopicProvisioner(_kafka, Options.Create(options), log).ProvisionAsync(Cancel);

    private async Task<int> PartitionsAsync(string topic) =>
        (await _kafka.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions[0].Partitions.Count;
}
