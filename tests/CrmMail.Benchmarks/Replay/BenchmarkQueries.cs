using Npgsql;

namespace CrmMail.Benchmarks.Replay;

/// <summary>How a measurement sees what has been done.</summary>
internal static class BenchmarkQueries
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>Waits until a number is at least so large.</summary>
    public static async Task WaitAsync(this NpgsqlDataSource database, string number, long wanted)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await database.ReadAsync<long>(number) < wanted)
        {
            await often.WaitForNextTickAsync(deadline.Token);
        }
    }

    public static async Task<T> ReadAsync<T>(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
