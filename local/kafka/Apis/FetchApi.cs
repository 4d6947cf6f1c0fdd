using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Reads records, and waits for more when there are too few.</summary>
internal sealed class FetchApi(TopicDirectory topics, TimeProvider time, BrokerMetrics metrics) : Api(ApiKey.Fetch, maxVersion: 11)
{
    private const short MinServed = 4;

    /// <summary>Kafka's default of fetch.max.bytes.</summary>
    private const int LargestAnswer = 55 * 1024 * 1024;

    /// <summary>No session: every request names all its partitions.</summary>
    private const int NoSession = 0;

    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var wanted = Read(header.Version, ref request);
        var results = ReadLogs(wanted);
        return IsEnough(wanted, results)
            ? new(Write(header, wanted, results))
            : WaitAsync(header, wanted, results, caller);
    }

    private static FetchRequest Read(short version, ref RequestReader request)
    {
        request.ReadInt32(); // Replica id: other brokers are not served.
        return new()
        {
            MaxWait = TimeSpan.FromMilliseconds(Math.Max(0, request.ReadInt32())),
            MinBytes = request.ReadInt32(),
            MaxBytes = Math.Min(version >= 3 ? request.ReadInt32() : int.MaxValue, LargestAnswer),
            Error = ReadSession(version, ref request),
            Topics = ReadTopics(version, ref request),
        };
    }

    private static ErrorCode ReadSession(short version, ref RequestReader request)
    {
        if (version >= 4)
        {
            request.ReadInt8(); // Isolation level: nothing is ever uncommitted.
        }

        var session = version >= 7 ? request.ReadInt32() : NoSession;
        if (version >= 7)
        {
            request.ReadInt32(); // Session epoch.
        }

        return version < MinServed ? ErrorCode.UnsupportedVersion
            : session != NoSession ? ErrorCode.FetchSessionIdNotFound
            : ErrorCode.None;
    }

    private static FetchTopic[] ReadTopics(short version, ref RequestReader request)
    {
        var topics = new FetchTopic[request.ReadArrayLength()];
        for (var i = 0; i < topics.Length; i++)
        {
            var name = request.ReadString();
            var partitions = new FetchPartition[request.ReadArrayLength()];
            for (var j = 0; j < partitions.Length; j++)
            {
                var number = request.ReadInt32();
                var epoch = version >= 9 ? request.ReadInt32() : -1;
                var offset = request.ReadInt64();
                if (version >= 5)
                {
                    request.ReadInt64(); // Log start of a follower.
                }

                partitions[j] = new(number, epoch, offset, request.ReadInt32());
            }

            topics[i] = new(name, partitions);
        }

        return topics;
    }

    private async ValueTask<ResponseWriter?> WaitAsync(RequestHeader header, FetchRequest wanted, FetchResult[] results, Caller caller)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            Release(results);
            var signal = new AppendSignal();
            var logs = FindLogs(wanted);
            Array.ForEach(logs, log => log?.Watch(signal));
            try
            {
                results = ReadLogs(wanted);
                var left = wanted.MaxWait - time.GetElapsedTime(start);
                if (IsEnough(wanted, results) || left <= TimeSpan.Zero || caller.Disconnected.IsCancellationRequested)
                {
                    return Write(header, wanted, results);
                }

                using var timer = time.CreateTimer(static signal => ((AppendSignal)signal!).Wake(), signal, left, Timeout.InfiniteTimeSpan);
                using var disconnected = caller.Disconnected.UnsafeRegister(static signal => ((AppendSignal)signal!).Wake(), signal);
                await signal.Woken.ConfigureAwait(false);
            }
            finally
            {
                Array.ForEach(logs, log => log?.Unwatch(signal));
            }
        }
    }

    private PartitionLog?[] FindLogs(FetchRequest wanted) =>
        [.. wanted.Topics.SelectMany(topic => topic.Partitions.Select(partition => topics.Find(topic.Name, partition.Number)))];

    // The first partition that has something gives a batch at least, so that no batch is too large to be read.
    private FetchResult[] ReadLogs(FetchRequest wanted)
    {
        var results = new FetchResult[wanted.Topics.Sum(topic => topic.Partitions.Length)];
        if (wanted.Error != ErrorCode.None)
        {
            return results;
        }

        var left = wanted.MaxBytes;
        var next = 0;
        foreach (var (name, partitions) in wanted.Topics)
        {
            var topic = topics.Find(name);
            foreach (var partition in partitions)
            {
                var result = ReadLog(topic?.Find(partition.Number), partition, Math.Min(left, partition.MaxBytes), atLeastOne: left == wanted.MaxBytes);
                left -= Math.Min(left, result.Records.Length);
                results[next++] = result;
            }
        }

        return results;
    }

    private static FetchResult ReadLog(PartitionLog? log, in FetchPartition wanted, int maxBytes, bool atLeastOne)
    {
        var error = log is null ? ErrorCode.UnknownTopicOrPartition : LeaderEpochs.Check(wanted.LeaderEpoch);
        return error == ErrorCode.None ? log!.Read(wanted.Offset, maxBytes, atLeastOne) : new(error, -1, -1, default);
    }

    private static bool IsEnough(FetchRequest wanted, FetchResult[] results)
    {
        var bytes = 0L;
        foreach (var result in results)
        {
            if (result.Error != ErrorCode.None)
            {
                return true;
            }

            bytes += result.Records.Length;
        }

        return bytes >= wanted.MinBytes || wanted.MaxWait == TimeSpan.Zero || wanted.Error != ErrorCode.None || results.Length == 0;
    }

    private static void Release(FetchResult[] results)
    {
        foreach (var result in results)
        {
            result.Records.Dispose();
        }
    }

    private ResponseWriter Write(RequestHeader header, FetchRequest wanted, FetchResult[] results)
    {
        var response = new ResponseWriter(header.CorrelationId);
        if (header.Version >= 1)
        {
            response.WriteThrottleTime();
        }

        if (header.Version >= 7)
        {
            response.WriteError(wanted.Error);
            response.WriteInt32(NoSession);
        }

        var next = 0;
        response.WriteArrayLength(wanted.Topics.Length);
        foreach (var (name, partitions) in wanted.Topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(partitions.Length);
            foreach (var partition in partitions)
            {
                metrics.CountFetched(results[next].Records.Length);
                Write(header.Version, partition.Number, wanted.Error, results[next++], response);
            }
        }

        return response;
    }

    private static void Write(short version, int partition, ErrorCode requestError, in FetchResult result, ResponseWriter response)
    {
        response.WriteInt32(partition);
        response.WriteError(requestError != ErrorCode.None ? requestError : result.Error);
        response.WriteInt64(result.HighWatermark);
        if (version >= 4)
        {
            // Without transactions, what can be read can be read by everybody; null stands for no aborted ones.
            response.WriteInt64(result.HighWatermark);
            if (version >= 5)
            {
                response.WriteInt64(result.LogStart);
            }

            response.WriteArrayLength(-1);
        }

        if (version >= 11)
        {
            response.WriteInt32(-1); // No other copy is nearer.
        }

        response.WriteRecords(result.Records);
    }

    private sealed class FetchRequest
    {
        public required TimeSpan MaxWait { get; init; }

        public required int MinBytes { get; init; }

        public required int MaxBytes { get; init; }

        /// <summary>Why nothing can be read.</summary>
        public required ErrorCode Error { get; init; }

        public required FetchTopic[] Topics { get; init; }
    }

    private readonly record struct FetchTopic(string Name, FetchPartition[] Partitions);

    private readonly record struct FetchPartition(int Number, int LeaderEpoch, long Offset, int MaxBytes);
}
