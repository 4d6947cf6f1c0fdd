using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using KafkaBroker.Tests.Running;
using Microsoft.Extensions.Time.Testing;

namespace KafkaBroker.Tests.Groups;

/// <summary>Groups with a clock that the test moves.</summary>
internal sealed class TestGroups : IDisposable
{
    public const string Id = "crm";

    public static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RebalanceTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public TestGroups() => Directory = Open();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public GroupDirectory Directory { get; private set; }

    public ConsumerGroup Group => Directory.Find(Id) ?? throw new InvalidOperationException("The group is gone.");

    public string JournalFolder => _folder.Path;

    public void Restart(Action? meanwhile = null)
    {
        Directory.Close();
        meanwhile?.Invoke();
        Directory = Open();
    }

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Directory.Tick();
    }

    /// <summary>Joins as a client of an old version, which is a member at once.</summary>
    public Task<JoinResult> JoinAsync(string memberId = "", string? instanceId = null, string[]? protocols = null, bool asksForMemberId = false) =>
        Directory.JoinAsync(Id, new()
        {
            MemberId = memberId,
            InstanceId = instanceId,
            ClientId = "client",
            ClientHost = "/127.0.0.1",
            SessionTimeout = Session,
            RebalanceTimeout = RebalanceTimeout,
            ProtocolType = "consumer",
            Protocols = [.. (protocols ?? ["range"]).Select(name => new GroupProtocol(name, [1]))],
            AsksForMemberId = asksForMemberId,
        });

    /// <summary>A group of one dynamic or static member that has its partitions.</summary>
    public async Task<JoinResult> FormAsync(string? instanceId = null)
    {
        var leader = await Done(JoinAsync(instanceId: instanceId));
        var synced = await Done(SyncAsync(leader, (leader.MemberId, [42])));
        Assert.Equal(ErrorCode.None, synced.Error);
        return leader;
    }

    /// <summary>A group of two that have their partitions, the leader first.</summary>
    public async Task<(JoinResult Leader, JoinResult Follower)> FormPairAsync()
    {
        var first = await FormAsync();
        var joining = JoinAsync();
        var leader = await Done(JoinAsync(first.MemberId));
        var follower = await Done(joining);
        var waiting = SyncAsync(follower);
        await Done(SyncAsync(leader, (leader.MemberId, [1]), (follower.MemberId, [2])));
        Assert.Equal([2], (await Done(waiting)).Assignment);
        return (leader, follower);
    }

    public Task<SyncResult> SyncAsync(JoinResult member, params (string MemberId, byte[] Assignment)[] assignments) =>
        Group.Sync(member.MemberId, null, member.Generation, assignments.ToDictionary(each => each.MemberId, each => each.Assignment));

    public ErrorCode Heartbeat(JoinResult member) => Group.Heartbeat(member.MemberId, null, member.Generation);

    public Task<ErrorCode> CommitAsync(long offset, JoinResult? member = null, string? metadata = null) => Directory.CommitAsync(
        Id, member?.MemberId ?? "", null, member?.Generation ?? -1, [new(new("topic", 0), new(offset, 0, metadata, Time.GetUtcNow().ToUnixTimeMilliseconds()))]);

    public CommittedOffset? Offset => Directory.Find(Id)?.FindOffset(new("topic", 0));

    /// <summary>What must not need to wait.</summary>
    public static Task<T> Done<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Directory.Close();
        _folder.Dispose();
    }

    private GroupDirectory Open() => GroupDirectory.Open(new(_folder.Path, Time, Flush: null));
}
