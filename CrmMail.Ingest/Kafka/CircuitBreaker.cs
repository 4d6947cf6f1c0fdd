using Confluent.Kafka;

namespace CrmMail.Ingest.Kafka;

/// <summary>
/// While the broker does not answer, webhooks are refused at once instead of after the delivery timeout. One in a while is let
/// through to find out; the first acknowledgement lets all through again.
/// </summary>
internal sealed partial class CircuitBreaker(TimeProvider time, ILogger<CircuitBreaker> logger)
{
    /// <summary>Failures in a row that open it. One is enough when librdkafka has lost every connection.</summary>
    internal const int FailuresToOpen = 3;

    /// <summary>While open, one webhook in this time is let through.</summary>
    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _changing = new();
    private int _failures;
    private bool _brokersLost;
    private long _openedAt;
    private long _probedAt;
    private volatile bool _open;

    public bool IsOpen => _open;

    /// <summary>Whether <see cref="TryEnter"/> would say no, without being a try.</summary>
    public bool Refuses
    {
        get
        {
            lock (_changing)
            {
                return _open && time.GetElapsedTime(_probedAt) < ProbeInterval;
            }
        }
    }

    /// <summary>Whether to try. Each try reports <see cref="Succeeded"/> or <see cref="Failed"/>, or neither when it proved nothing.</summary>
    public bool TryEnter()
    {
        if (!_open)
        {
            return true;
        }

        lock (_changing)
        {
            if (_open && time.GetElapsedTime(_probedAt) < ProbeInterval)
            {
                return false;
            }

            _probedAt = time.GetTimestamp();
            return true;
        }
    }

    public void Succeeded()
    {
        if (!_open && Volatile.Read(ref _failures) == 0 && !Volatile.Read(ref _brokersLost))
        {
            return;
        }

        lock (_changing)
        {
            if (_open)
            {
                LogClosed(time.GetElapsedTime(_openedAt).TotalSeconds);
            }

            _open = false;
            _failures = 0;
            _brokersLost = false;
        }
    }

    public void Failed(ErrorCode error)
    {
        lock (_changing)
        {
            _failures++;
            if (!_open && (_brokersLost || _failures >= FailuresToOpen))
            {
                _openedAt = _probedAt = time.GetTimestamp();
                _open = true;
                LogOpened(error);
            }
        }
    }

    /// <summary>
    /// No connection is left. Not yet a reason to refuse: a broker also closes connections that nobody used. But the next failure is
    /// not the first sign then.
    /// </summary>
    public void BrokersLost() => Volatile.Write(ref _brokersLost, true);

    [LoggerMessage(100, LogLevel.Error, "Kafka does not acknowledge events ({Error}). Webhooks are answered with 503 until it does")]
    private partial void LogOpened(ErrorCode error);

    [LoggerMessage(101, LogLevel.Information, "Kafka acknowledges events again, after {Seconds:F1} s")]
    private partial void LogClosed(double seconds);
}
