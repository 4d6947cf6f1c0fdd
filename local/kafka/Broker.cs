using System.Net;
using System.Net.Sockets;
using KafkaBroker.Apis;
using KafkaBroker.Groups;
using KafkaBroker.Server;
using KafkaBroker.Storage;
using KafkaBroker.Topics;
using Microsoft.Extensions.Logging;

namespace KafkaBroker;

/// <summary>The whole of it: data, groups, server, and who looks after them.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly GroupFlush? _flush;
    private readonly TopicDirectory _topics;
    private readonly GroupDirectory _groups;
    private readonly BrokerMetrics _metrics;
    private readonly KafkaServer _server;
    private readonly Housekeeping _housekeeping;

    private Broker(BrokerOptions options, FileStream dataLock, IReadOnlyList<Socket> listeners, TimeProvider time, ILoggerFactory loggers)
    {
        _lock = dataLock;
        _metrics = new();
        _flush = options.Fsync ? new(time) : null;
        var storageLog = new StorageLog(loggers.CreateLogger<StorageLog>());
        _topics = TopicDirectory.Open(options.Data, new(time, _flush, storageLog));
        _groups = GroupDirectory.Open(new(Path.Combine(options.Data, "groups"), time, _flush));

        Port = ((IPEndPoint)listeners[0].LocalEndPoint!).Port;
        var identity = new BrokerIdentity(ClusterId.ReadOrCreate(options.Data), options.Host, Port);
        var defaults = new TopicDefaults(options.Partitions, options.AutoCreateTopics);
        var producerIds = new ProducerIds(options.Data, options.Fsync);
        Apis = new(CreateApis(identity, defaults, producerIds, time), _metrics);
        _server = new(listeners, Apis, _metrics, new(loggers.CreateLogger<ServerLog>(), _metrics));
        _housekeeping = new(_topics, _groups, _server, storageLog, time);
    }

    /// <summary>The port that clients connect to.</summary>
    public int Port { get; }

    /// <summary>Who answers requests.</summary>
    public ApiTable Apis { get; }

    /// <summary>Fails when the broker has to stop, because of its disk for example; otherwise it completes only with the broker.</summary>
    public Task Failed => _flush is null ? _housekeeping.Completion : Task.WhenAny(_flush.Failed, _housekeeping.Completion).Unwrap();

    /// <summary>Opens the data and takes connections.</summary>
    /// <exception cref="IOException">Another broker uses the data, or it cannot be read.</exception>
    /// <exception cref="SocketException">The port is taken, or the host unknown.</exception>
    public static async Task<Broker> StartAsync(BrokerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Data);
        var dataLock = new FileStream(Path.Combine(options.Data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var listeners = await Listeners.OpenAsync(options.Host, options.Port, cancellationToken).ConfigureAwait(false);
            return new(options, dataLock, listeners, time, loggers);
        }
        catch
        {
            await dataLock.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops in the order in which nothing is lost: no more requests, then everything to the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _housekeeping.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        if (_flush is not null)
        {
            await _flush.DisposeAsync().ConfigureAwait(false);
        }

        _groups.Close();
        _topics.Close();
        _metrics.Dispose();
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private Api[] CreateApis(BrokerIdentity identity, TopicDefaults defaults, ProducerIds producerIds, TimeProvider time) =>
    [
        new ProduceApi(_topics, _metrics),
        new FetchApi(_topics, time, _metrics),
        new ListOffsetsApi(_topics),
        new MetadataApi(_topics, identity, defaults),
        new OffsetCommitApi(_groups, _topics, time),
        new OffsetFetchApi(_groups),
        new FindCoordinatorApi(identity),
        new JoinGroupApi(_groups),
        new HeartbeatApi(_groups),
        new LeaveGroupApi(_groups),
        new SyncGroupApi(_groups),
        new DescribeGroupsApi(_groups),
        new ListGroupsApi(_groups),
        new CreateTopicsApi(_topics, defaults),
        new DeleteTopicsApi(_topics, _groups),
        new DeleteRecordsApi(_topics),
        new InitProducerIdApi(producerIds),
        new OffsetForLeaderEpochApi(_topics),
        new DescribeConfigsApi(_topics, defaults),
        new AlterConfigsApi(_topics),
        new CreatePartitionsApi(_topics),
        new DeleteGroupsApi(_groups),
        new IncrementalAlterConfigsApi(_topics),
        new OffsetDeleteApi(_groups, _topics),
    ];
}
