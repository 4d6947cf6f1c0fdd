using CrmMail.Cli.Console;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.Runs;

/// <summary>Watches a run until it ends. The run does not notice.</summary>
internal sealed class RunFollower<TRun>(RunKind<TRun> kind, Call call) where TRun : Run
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the server may be away: long enough for it to be restarted.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The run as it ended.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants to know any more; it was said that the run goes on.</exception>
    /// <exception cref="ServerException">The server went away for good.</exception>
    public async Task<Answer<TRun>> FollowAsync(Guid id, CancellationToken cancellationToken)
    {
        var progress = new Progress(kind.Noun, call.Terminal, call.Time);
        try
        {
            while (true)
            {
                var answer = await ReadAsync(id, progress, cancellationToken);
                if (RunState.IsOver(answer.Value.State))
                {
                    return answer;
                }

                progress.Report(answer.Value.Progress);
                await Task.Delay(Interval, call.Time, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ServerException)
        {
            progress.Clear();
            call.Terminal.Error.WriteLine(
                $"No longer following: the {kind.Noun} goes on. See it: {call.Program} {kind.Command} show {id}; cancel it: {call.Program} {kind.Command} cancel {id}");
            throw;
        }
        finally
        {
            progress.Clear();
        }
    }

    /// <summary>Reads the run, again and again while the server is away for a moment.</summary>
    private async Task<Answer<TRun>> ReadAsync(Guid id, Progress progress, CancellationToken cancellationToken)
    {
        var start = call.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call.Api.GetAsync(kind.PathOf(id), kind.Json, cancellationToken);
            }
            catch (ServerException exception) when (exception.IsPassing && call.Time.GetElapsedTime(start) < Patience)
            {
                progress.Report(new Measured(0, null, State: "the server does not answer"));
                await Task.Delay(2 * Interval, call.Time, cancellationToken);
            }
        }
    }
}
