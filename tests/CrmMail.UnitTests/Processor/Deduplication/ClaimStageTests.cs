using System.Reflection;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Deduplication;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CrmMail.UnitTests.Processor.Deduplication;

public sealed class ClaimStageTests
{
    public static TheoryData<Exception> Failures =>
    [
        new RedisConnectionException(ConnectionFailureType.SocketClosed, "The connection is gone."),
        new RedisServerException("LOADING Redis is loading the dataset in memory"),
        new TimeoutException(),
        new TaskCanceledException(),
        new InvalidOperationException("Writing is not allowed after writer was completed."),
    ];

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task An_event_of_which_Redis_cannot_tell_is_written(Exception failure)
    {
        var stage = new ClaimStage(RedisDouble.Of<IConnectionMultiplexer>(failure), Options.Create(new DeduplicationOptions()));
        BatchItem[] items = [Webhook.Item(Webhook.New("Inbox", "\"messageId\":\"<1@x>\"")), Webhook.Item(Webhook.New("Inbox", "\"messageId\":\"<2@x>\""))];
        items[0].Claim = items[1].Claim = ClaimAnswer.Done;

        await stage.ClaimAsync(items);

        Assert.All(items, item => Assert.Equal(ClaimAnswer.Unknown, item.Claim));
    }

    /// <summary>A Redis whose commands all fail.</summary>
    public class RedisDouble : DispatchProxy
    {
        private Exception? _failure;

        public static T Of<T>(Exception failure)
            where T : class
        {
            var proxy = Create<T, RedisDouble>();
            ((RedisDouble)(object)proxy)._failure = failure;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.ReturnType == typeof(IDatabase) ? Of<IDatabase>(_failure!)
            : targetMethod.ReturnType == typeof(Task<RedisValue>) ? Task.FromException<RedisValue>(_failure!)
            : throw new NotSupportedException(targetMethod.Name);
    }
}
