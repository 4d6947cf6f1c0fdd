using System.Globalization;
using KafkaBroker.Groups;
using KafkaBroker.Server;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker;

/// <summary>Does what is due with time: sessions that end, records that expire, clients that are silent.</summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    private static readonly TimeSpan GroupInterval = TimeSpan.FromMilliseconds(100);

    // In ticks of the groups' interval. Kafka looks every 5 minutes; a look at numbers in memory costs nothing, and a demo should see retention work.
    private const int RetentionEvery = 10, IdleEvery = 100;

    private readonly TopicDirectory _topics;
    private readonly GroupDirectory _groups;
    private readonly KafkaServer _server;
    private readonly StorageLog _log;
    private readonly PeriodicTimer _timer;

    public Housekeeping(TopicDirectory topics, GroupDirectory groups, KafkaServer server, StorageLog log, TimeProvider time)
    {
        _topics = topics;
        _groups = groups;
        _server = server;
        _log = log;
        _timer = new(GroupInterval, time);
        Completion = RunAsync();
    }

    /// <summary>Fails when nobody looks after the broker any more.</summary>
    public Task Completion { get; }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await Completion.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        for (var tick = 1; await _timer.WaitForNextTickAsync().ConfigureAwait(false); tick++)
        {
            try
            {
                DoWhatIsDue(tick);
            }
            catch (IOException exception)
            {
                // A full disk, for example. What could not be done is still due at the next tick.
                _log.LogHousekeepingFailed(exception);
            }
        }
    }

    private void DoWhatIsDue(int tick)
    {
        _groups.Tick();
        if (tick % RetentionEvery == 0)
        {
            ApplyRetention();
        }

        if (tick % IdleEvery == 0)
        {
            _server.EndIdleConnections();
        }
    }

    private void ApplyRetention()
    {
        foreach (var topic in _topics.All)
        {
            for (var partition = 0; partition < topic.Partitions.Count; partition++)
            {
                if (topic.Partitions[partition].ApplyRetention() is var deleted and > 0)
                {
                    _log.LogRetention(deleted, string.Create(CultureInfo.InvariantCulture, $"{topic.Name}/{partition}"));
                }
            }
        }
    }
}
