using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;

namespace CrmMail.Migrator.Topics;

/// <summary>Creates the topics with their settings, by intention and not by the first producer. A topic that exists is left alone.</summary>
internal sealed partial class TopicProvisioner(IAdminClient kafka, IOptions<TopicOptions> options, ILogger<TopicProvisioner> logger)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when every topic exists and each of its partitions has a leader.</summary>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses.</exception>
    public async Task ProvisionAsync(CancellationToken cancellationToken)
    {
        foreach (var wanted in WantedTopic.From(options.Value))
        {
            if (await FindAsync(wanted.Name, cancellationToken) is { } existing)
            {
                await ReportDifferencesAsync(existing, wanted, cancellationToken);
            }
            else
            {
                await CreateAsync(wanted, cancellationToken);
            }

            await WaitUntilReadyAsync(wanted.Name, cancellationToken);
        }
    }

    private async Task<TopicDescription?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var found = await kafka
                .DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new() { RequestTimeout = RequestTimeout })
                .WaitAsync(cancellationToken);
            return found.TopicDescriptions[0];
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions[0].Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return null;
        }
    }

    private async Task CreateAsync(WantedTopic wanted, CancellationToken cancellationToken)
    {
        try
        {
            await kafka
                .CreateTopicsAsync([wanted.ToSpecification()], new() { RequestTimeout = RequestTimeout })
                .WaitAsync(cancellationToken);
            LogCreated(wanted.Name, wanted.Partitions, wanted.ReplicationFactor);
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Another migrator was faster, with the same wishes.
        }
    }

    private async Task WaitUntilReadyAsync(string topic, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(PollInterval);
        while (await FindAsync(topic, cancellationToken) is not { Partitions.Count: > 0 } found
            || found.Partitions.Any(partition => partition.Leader is null or { Id: < 0 }))
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task ReportDifferencesAsync(TopicDescription existing, WantedTopic wanted, CancellationToken cancellationToken)
    {
        if (existing.Partitions.Count < wanted.Partitions)
        {
            LogFewerPartitions(wanted.Name, existing.Partitions.Count, wanted.Partitions);
        }

        var topic = new ConfigResource { Type = ResourceType.Topic, Name = wanted.Name };
        var described = await kafka
            .DescribeConfigsAsync([topic], new() { RequestTimeout = RequestTimeout })
            .WaitAsync(cancellationToken);
        foreach (var (setting, value) in wanted.Configuration)
        {
            if (described[0].Entries.TryGetValue(setting, out var entry) && entry.Value != value)
            {
                LogDifferentSetting(wanted.Name, setting, entry.Value, value);
            }
        }
    }

    [LoggerMessage(10, LogLevel.Information, "Created topic {Topic} with {Partitions} partitions, {ReplicationFactor} copies each")]
    private partial void LogCreated(string topic, int partitions, short replicationFactor);

    [LoggerMessage(11, LogLevel.Warning,
        "Topic {Topic} has {Actual} partitions, {Wanted} are configured. Left alone: more partitions would move accounts to other partitions. " +
        "Add them with kafka-topics while nothing is being processed, or set Topics:Partitions to {Actual}")]
    private partial void LogFewerPartitions(string topic, int actual, int wanted);

    [LoggerMessage(12, LogLevel.Warning, "Topic {Topic} has {Setting}={Actual}, {Wanted} is configured. Left alone: change it with kafka-configs, or change the section Topics")]
    private partial void LogDifferentSetting(string topic, string setting, string actual, string wanted);
}
