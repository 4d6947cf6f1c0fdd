using System.Diagnostics;
using StackExchange.Redis;

namespace CrmMail.FaultTests.Faults;

/// <summary>Empties Redis, and keeps a snapshot that can come back when it is old.</summary>
internal sealed class RedisAdministrator(MailSystem system)
{
    private const int MoreClaims = 10;

    private static readonly TimeSpan ClaimDeadline = TimeSpan.FromSeconds(30);

    private string? _snapshot;
    private string? _kept;

    public async Task FlushAsync()
    {
        await using var redis = await ConnectAsync();
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    /// <summary>Waits until Processors have claimed some more events that came for the first time.</summary>
    /// <exception cref="TimeoutException">They do not.</exception>
    public async Task WaitForClaimsAsync(CancellationToken cancellationToken)
    {
        await using var redis = await ConnectAsync();
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var begin = Stopwatch.GetTimestamp();
        var before = await CountAsync();
        while (await CountAsync() < before + MoreClaims)
        {
            if (Stopwatch.GetElapsedTime(begin) > ClaimDeadline)
            {
                throw new TimeoutException($"Processors claim nothing for {ClaimDeadline.TotalSeconds:0} s.");
            }

            await often.WaitForNextTickAsync(cancellationToken);
        }

        async Task<long> CountAsync() => (long)await redis.GetDatabase().ExecuteAsync("DBSIZE");
    }

    /// <summary>Puts a snapshot aside; a start without <see cref="Restore"/> begins with nothing.</summary>
    public async Task KeepSnapshotAsync()
    {
        await using var redis = await ConnectAsync();
        var folder = (string)((RedisResult[])(await redis.GetDatabase().ExecuteAsync("CONFIG", "GET", "dir"))!)[1]!;
        _snapshot = Path.Combine(folder, "dump.rdb");
        _kept = Path.Combine(folder, "old.rdb");
        await redis.GetDatabase().ExecuteAsync("SAVE");
        File.Move(_snapshot, _kept, overwrite: true);
    }

    /// <summary>What the next start of Redis begins with; to be forgotten after it.</summary>
    public void Restore() => File.Copy(_kept!, _snapshot!, overwrite: true);

    public void Forget() => File.Delete(_snapshot!);

    private Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(system.RedisServer + ",allowAdmin=true");
}
