namespace KafkaConformance.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until it sees what is expected; fails with what it saw last.</summary>
    public static async Task<T> SeesAsync<T>(Func<Task<T>> look, Predicate<T> isExpected)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            var seen = await look();
            if (isExpected(seen))
            {
                return seen;
            }

            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {Deadline.TotalSeconds} s. Seen last: {seen}");
            }
        }
    }

    public static Task<T> SeesAsync<T>(Func<T> look, Predicate<T> isExpected) => SeesAsync(() => Task.FromResult(look()), isExpected);
}
