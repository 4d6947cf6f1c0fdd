using System.Globalization;
using EmailEngineSimulator.Settings;
using Microsoft.Extensions.Options;

namespace EmailEngineSimulator.Time;

/// <summary>How long things take here: as in EmailEngine, divided by <c>SIMULATOR_SPEEDUP</c>.</summary>
internal sealed class Pace(IOptions<EngineOptions> options)
{
    /// <summary>Attempts at a webhook before it is gone.</summary>
    public const int WebhookAttempts = 10;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private const double Jitter = 0.2;
    private readonly double _speedUp = ParseSpeedUp(options.Value.SpeedUp);

    /// <summary>From the registration of an account to its first connection.</summary>
    public TimeSpan Connecting => Scale(TimeSpan.FromMilliseconds(200));

    /// <summary>From messageSent to the messageNew of the copy in the Sent folder.</summary>
    public TimeSpan SentCopy => Scale(TimeSpan.FromSeconds(1));

    /// <summary>Exponential from 5 s; a share of up to 20 %, drawn each time, is taken off, as BullMQ does.</summary>
    /// <param name="attemptsMade">Attempts that failed so far, from 1.</param>
    public TimeSpan Retry(int attemptsMade)
    {
        var delay = FirstRetry * Math.Pow(2, attemptsMade - 1);
        return Scale(delay * (1 - (Jitter * Random.Shared.NextDouble())));
    }

    /// <summary>When EmailEngine expects the next attempt, without the jitter.</summary>
    public TimeSpan NominalRetry(int attemptsMade) => Scale(FirstRetry * Math.Pow(2, attemptsMade - 1));

    /// <exception cref="FormatException">It is not a number, or out of range.</exception>
    public static double ParseSpeedUp(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is >= 0.001 and <= 1_000_000
            ? factor
            : throw new FormatException($"'{text}' is not a number between 0.001 and 1000000.");

    private TimeSpan Scale(TimeSpan duration) => duration / _speedUp;
}
