using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CrmMail.Processor.Deduplication;

/// <summary>
/// Asks Redis which events of a batch are in the database already, and tells it afterwards which are: it spares the database work and
/// decides nothing. Whatever goes wrong here, the events are written.
/// </summary>
internal sealed class ClaimStage(IConnectionMultiplexer redis, IOptions<DeduplicationOptions> options)
{
    private readonly List<Task<RedisValue>> _answers = [];

    /// <summary>Sets <see cref="BatchItem.Claim"/>, with one pipeline for the batch.</summary>
    public async Task ClaimAsync(ArraySegment<BatchItem> items)
    {
        var database = redis.GetDatabase();
        _answers.Clear();
        foreach (var item in items)
        {
            _answers.Add(database.StringSetAndGetAsync(KeyOf(item), PendingOf(item), options.Value.PendingFor, keepTtl: false, When.NotExists));
        }

        for (var n = 0; n < items.Count; n++)
        {
            items[n].Claim = await AnswerAsync(_answers[n], PendingOf(items[n]));
        }
    }

    /// <summary>
    /// Marks the events as written, but for those that are dead letters: they are in no table, and may be put back (R2). Not waited for: a
    /// mark that is lost costs a look into the database later.
    /// </summary>
    public void MarkDone(ArraySegment<BatchItem> items)
    {
        var database = redis.GetDatabase();
        foreach (var item in items)
        {
            if (item.Outcome is not null)
            {
                _ = database.StringSetAsync(KeyOf(item), ClaimValue.Done, options.Value.DoneFor, flags: CommandFlags.FireAndForget);
            }
        }
    }

    private static async Task<ClaimAnswer> AnswerAsync(Task<RedisValue> answer, RedisValue own)
    {
        try
        {
            return ClaimValue.Read(await answer, own);
        }
        catch (Exception)
        {
            // Of whatever kind: a connection that breaks while a command is written to it fails with the exception of its pipe.
            return ClaimAnswer.Unknown;
        }
    }

    private RedisKey KeyOf(BatchItem item) =>
        $"dedup:{options.Value.Namespace}:{item.Record.Headers.Source.ToText()}:{item.Event.Account.Value}:{item.Record.Headers.EventId.Value}";

    private static RedisValue PendingOf(BatchItem item) =>
        ClaimValue.Pending(item.Record.Kafka.Topic, item.Record.Kafka.Partition.Value, item.Record.Kafka.Offset.Value);
}
