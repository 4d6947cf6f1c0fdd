namespace EmailEngineSimulator.Tests.Running;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks again and again until the condition holds; fails with what it saw last.</summary>
    public static Task HoldsAsync(Func<bool> condition, Func<string> seen) => HoldsAsync(() => Task.FromResult(condition()), seen);

    /// <summary>Looks again and again until the condition holds; fails with what it saw last.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> seen)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(Pause);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited {Deadline.TotalSeconds} s. Seen last: {seen()}");
            }
        }
    }
}
