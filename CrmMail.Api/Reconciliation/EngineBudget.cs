using System.Threading.RateLimiting;
using CrmMail.Api.EmailEngine;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Reconciliation;

/// <summary>Sees to it that all runs of this process together ask EmailEngine no more than it shall be asked, and not while it wants to be left alone.</summary>
internal sealed class EngineBudget(IOptions<ReconciliationOptions> options, TimeProvider time) : IAsyncDisposable
{
    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 1,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1) / options.Value.RequestsPerSecond,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private long _quietUntilTicks;

    /// <summary>Asks EmailEngine when it is time.</summary>
    /// <exception cref="EmailEngineException">It does not answer, or not what was asked for.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var quiet = QuietFor(); quiet > TimeSpan.Zero; quiet = QuietFor())
        {
            await Task.Delay(quiet, time, cancellationToken);
        }

        using var turn = await _limiter.AcquireAsync(1, cancellationToken);
        try
        {
            return await ask(cancellationToken);
        }
        catch (EmailEngineException refused) when (refused.RetryAfter is { } wait)
        {
            Interlocked.Exchange(ref _quietUntilTicks, (time.GetUtcNow() + wait).Ticks);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    private TimeSpan QuietFor() => TimeSpan.FromTicks(Interlocked.Read(ref _quietUntilTicks) - time.GetUtcNow().Ticks);
}
