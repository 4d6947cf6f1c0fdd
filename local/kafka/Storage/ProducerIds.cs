using System.Globalization;

namespace KafkaBroker.Storage;

/// <summary>Numbers for producers, each given once. They are written down in blocks, so that a crash leaves out some and repeats none.</summary>
internal sealed class ProducerIds
{
    private const int BlockSize = 1000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly bool _flush;
    private long _next;
    private long _end;

    /// <param name="data">The broker's folder.</param>
    /// <param name="flush">Whether a loss of power has to be survived too.</param>
    public ProducerIds(string data, bool flush)
    {
        _path = Path.Combine(data, "next-producer-id");
        _flush = flush;
        _next = _end = File.Exists(_path) ? long.Parse(File.ReadAllText(_path), CultureInfo.InvariantCulture) : 0;
    }

    public long Next()
    {
        lock (_gate)
        {
            if (_next == _end)
            {
                DurableFile.Write(_path, (_end + BlockSize).ToString(CultureInfo.InvariantCulture), _flush);
                _end += BlockSize;
            }

            return _next++;
        }
    }
}
