using System.Diagnostics;

namespace CrmMail.Benchmarks.Load;

/// <summary>
/// Sends requests when they are due, whether or not earlier ones are answered, over as many connections as may be open. An answer counts from
/// when its request was due, so a server that stalls is charged for everything that it kept waiting.
/// </summary>
internal sealed class OpenLoop(Uri server, Func<IRequestSource> newSource, int connections)
{
    // What is not answered so long after the last request was due counts as lost.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <param name="rate">Requests per second.</param>
    /// <param name="duration">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LoadResult> RunAsync(double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var open = new List<HttpConnection>();
        try
        {
            for (var n = 0; n < connections; n++)
            {
                var connection = new HttpConnection();
                open.Add(connection);
                await connection.OpenAsync(server, cancellationToken);
            }

            return await SendAsync(open, rate, duration, cancellationToken);
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
    }

    private async Task<LoadResult> SendAsync(List<HttpConnection> open, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var result = new LoadResult((int)Math.Max(1, rate * duration.TotalSeconds), rate);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(duration + Grace);
        var schedule = new Schedule(result.Requests, rate);
        await Task.WhenAll(open.Select(connection => Task.Run(() => SendAsync(connection, newSource(), schedule, result, late.Token), CancellationToken.None)));
        result.Duration = schedule.SinceStart;
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private static async Task SendAsync(HttpConnection connection, IRequestSource source, Schedule schedule, LoadResult result, CancellationToken late)
    {
        try
        {
            while (schedule.TakeNext() is { } n)
            {
                if (schedule.UntilDue(n) is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, late);
                }

                result.Begun(n);
                var status = await connection.SendAsync(source.Next(), late);
                result.Answered(n, status, -schedule.UntilDue(n));
            }
        }
        catch (Exception lost) when (lost is OperationCanceledException or IOException or System.Net.Sockets.SocketException)
        {
            // Its request has no answer, which is what the result says of it; what else was due goes over the other connections.
        }
    }

    private sealed class Schedule(int requests, double rate)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private int _next = -1;

        public TimeSpan SinceStart => Stopwatch.GetElapsedTime(_start);

        public int? TakeNext() => Interlocked.Increment(ref _next) is var n && n < requests ? n : null;

        public TimeSpan UntilDue(int n) => TimeSpan.FromSeconds(n / rate) - SinceStart;
    }
}
