using Microsoft.Extensions.Options;

namespace CrmMail.Migrator;

/// <summary>Repeats a step while its server is not up yet: a growing pause between attempts, and an end.</summary>
internal sealed partial class Patience(IOptions<PatienceOptions> options, TimeProvider time, ILogger<Patience> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Runs the step until it succeeds. A failure with another cause, or after the end of all patience, is the caller's.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + options.Value.Patience;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await step(cancellationToken);
                return;
            }
            catch (Exception exception) when (ServerError.IsNotUpYet(exception) && time.GetUtcNow() + pause < end)
            {
                LogNotUpYet(ServerError.Describe(exception), pause.TotalSeconds);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    [LoggerMessage(2, LogLevel.Information, "{Cause} Next attempt in {Seconds} s")]
    private partial void LogNotUpYet(string? cause, double seconds);
}
