namespace CrmMail.Benchmarks.Load;

/// <summary>What became of the requests of one rate.</summary>
/// <param name="requests">How many were due.</param>
/// <param name="rate">How many were due per second.</param>
internal sealed class LoadResult(int requests, double rate)
{
    // Of a request that is on its way; of one that never was it is zero.
    private const short NoAnswer = -1;

    private readonly float[] _milliseconds = new float[requests];
    private readonly short[] _statuses = new short[requests];
    private float[]? _ordered;

    public int Requests => requests;

    public double Rate => rate;

    /// <summary>Answers with 2xx.</summary>
    public int Accepted => _statuses.Count(status => status is >= 200 and < 300);

    /// <summary>Answers with 503.</summary>
    public int Refused => _statuses.Count(status => status == 503);

    /// <summary>Not sent when the time was over: all connections were waiting for answers.</summary>
    public int Unsent => _statuses.Count(status => status == 0);

    /// <summary>Sent, and neither accepted nor refused: other answers, and none at all.</summary>
    public int Failed => requests - Accepted - Refused - Unsent;

    /// <summary>From when the first request was due until the last answer.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Whether everything was taken, and fast enough.</summary>
    /// <param name="p99">Milliseconds that 99 of 100 answers may take.</param>
    public bool IsWithin(double p99) => Accepted == requests && Percentile(0.99) <= p99;

    /// <summary>How long so many of the accepted requests took at most, in milliseconds.</summary>
    public double Percentile(double share)
    {
        _ordered ??= [.. _milliseconds.Where((_, n) => _statuses[n] is >= 200 and < 300).Order()];
        return _ordered.Length == 0 ? double.PositiveInfinity : _ordered[(int)(share * (_ordered.Length - 1))];
    }

    public void Begun(int n) => _statuses[n] = NoAnswer;

    public void Answered(int n, int status, TimeSpan time) => (_statuses[n], _milliseconds[n]) = ((short)status, (float)time.TotalMilliseconds);
}
