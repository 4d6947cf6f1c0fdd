using Microsoft.Extensions.Options;

namespace CrmMail.Api.EmailEngine;

/// <summary>
/// Repeats a submission for as long as EmailEngine asks for patience and the request has time. Nothing else is repeated here: after any other
/// failure the mail may be queued, and only the caller, by the same idempotency key, may ask again.
/// </summary>
internal sealed class SubmitRetry(IOptions<EmailEngineOptions> options, TimeProvider time)
{
    private const double MaxJitter = 0.25;

    /// <exception cref="EmailEngineException">EmailEngine refused it for good, or for longer than the request may take.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> submit, CancellationToken cancellationToken)
    {
        var timeout = options.Value.SubmitTimeout;
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await submit(either.Token);
            }
            catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
            {
                throw new EmailEngineException("EmailEngine did not answer in time.", late);
            }
            catch (EmailEngineException refused) when (refused.AsksForPatience)
            {
                var delay = DelayAfter(attempt, refused.RetryAfter ?? TimeSpan.Zero);
                if (time.GetElapsedTime(started) + delay >= timeout)
                {
                    throw;
                }

                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    /// <summary>Never earlier than EmailEngine wants, and not all callers at the same moment.</summary>
    private TimeSpan DelayAfter(int attempt, TimeSpan asked)
    {
        var backOff = options.Value.RetryDelay * Math.Pow(2, attempt);
        return (backOff > asked ? backOff : asked) * (1 + (MaxJitter * Random.Shared.NextDouble()));
    }
}
