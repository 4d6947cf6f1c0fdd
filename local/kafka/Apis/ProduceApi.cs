using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Appends batches, one per partition.</summary>
internal sealed class ProduceApi(TopicDirectory topics, BrokerMetrics metrics) : Api(ApiKey.Produce, maxVersion: 7)
{
    private const short MinServed = 3, FirstWithZstd = 7;
    private const short NoAcks = 0, LeaderAcks = 1, AllAcks = -1;

    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var response = new ResponseWriter(header.CorrelationId);
        try
        {
            var terms = ReadTerms(header.Version, ref request);
            var flushes = Append(header.Version, terms, ref request, response);
            return terms.Acks != NoAcks ? AnswerAsync(response, flushes) : EndUnanswered(response, terms);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static Terms ReadTerms(short version, ref RequestReader request)
    {
        var transactionalId = version >= 3 ? request.ReadNullableString() : null;
        var acks = request.ReadInt16();
        request.ReadInt32(); // How long to wait for other copies.
        return new(acks)
        {
            Error = version < MinServed ? ErrorCode.UnsupportedVersion
                : acks is not (NoAcks or LeaderAcks or AllAcks) ? ErrorCode.InvalidRequiredAcks
                : transactionalId is not null ? ErrorCode.InvalidTransactionState
                : ErrorCode.None,
        };
    }

    private List<Task> Append(short version, Terms terms, ref RequestReader request, ResponseWriter response)
    {
        List<Task> flushes = [];
        var topicCount = request.ReadArrayLength();
        response.WriteArrayLength(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var name = request.ReadString();
            var topic = topics.Find(name);
            var partitions = request.ReadArrayLength();
            response.WriteString(name);
            response.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                var number = request.ReadInt32();
                var records = request.ReadBytes();
                var log = topic?.Find(number);
                var result = Append(version, terms, topic, log, records);
                if (result.Error == ErrorCode.None)
                {
                    flushes.Add(log!.FlushAsync());
                }
                else
                {
                    terms.Refused = result.Error;
                }

                Write(version, number, result, log, response);
            }
        }

        response.WriteThrottleTime();
        return flushes;
    }

    private AppendResult Append(short version, Terms terms, Topic? topic, PartitionLog? log, Span<byte> records)
    {
        var error = terms.Error != ErrorCode.None ? terms.Error
            : topic is null || log is null ? ErrorCode.UnknownTopicOrPartition
            : terms.Acks == AllAcks && topic.Settings.MinInSyncReplicas > 1 ? ErrorCode.NotEnoughReplicas
            : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            return AppendResult.Failed(error);
        }

        if (version < FirstWithZstd && records.Length >= BatchHeader.Size && BatchHeader.Read(records).Compression == Compression.Zstd)
        {
            return AppendResult.Failed(ErrorCode.UnsupportedCompressionType);
        }

        var result = log!.Append(records);
        if (result.Error == ErrorCode.None)
        {
            metrics.CountProduced(BatchHeader.Read(records).Count, records.Length);
        }

        return result;
    }

    private static void Write(short version, int partition, in AppendResult result, PartitionLog? log, ResponseWriter response)
    {
        response.WriteInt32(partition);
        response.WriteError(result.Error);
        response.WriteInt64(result.BaseOffset);
        if (version >= 2)
        {
            response.WriteInt64(result.AppendTime);
        }

        if (version >= 5)
        {
            response.WriteInt64(log?.LogStart ?? -1);
        }
    }

    private static ValueTask<ResponseWriter?> AnswerAsync(ResponseWriter response, List<Task> flushes) =>
        flushes.TrueForAll(flush => flush.IsCompletedSuccessfully) ? new(response) : AnswerFlushedAsync(response, flushes);

    private static async ValueTask<ResponseWriter?> AnswerFlushedAsync(ResponseWriter response, List<Task> flushes)
    {
        try
        {
            await Task.WhenAll(flushes).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Who wants no answer learns of an error by the end of the connection, as with Kafka.
    private static ValueTask<ResponseWriter?> EndUnanswered(ResponseWriter response, Terms terms)
    {
        if (terms.Refused != ErrorCode.None)
        {
            throw new MalformedRequestException($"A batch with acks=0 was refused: {terms.Refused}.");
        }

        response.Dispose();
        return new((ResponseWriter?)null);
    }

    private sealed class Terms(short acks)
    {
        public short Acks => acks;

        /// <summary>Why nothing of the request can be done.</summary>
        public ErrorCode Error { get; init; }

        /// <summary>Why some batch was not taken.</summary>
        public ErrorCode Refused { get; set; }
    }
}
