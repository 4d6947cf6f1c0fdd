using System.Diagnostics;

namespace LocalMode.Tests.Dashboard;

/// <summary>Waits for what nothing announces.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, Func<string> saw)
    {
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < RunningDashboard.Deadline, $"After {waited.Elapsed.TotalSeconds:0} s: {saw()}");
            await interval.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
