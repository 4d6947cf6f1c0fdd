using StackExchange.Redis;

namespace CrmMail.FaultTests.Faults;

/// <summary>Empties Redis, and keeps a snapshot that can come back when it is old.</summary>
internal sealed class RedisAdministrator(MailSystem system)
{
    private string? _snapshot;
    private string? _kept;

    public async Task FlushAsync()
    {
        await using var redis = await ConnectAsync();
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
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
