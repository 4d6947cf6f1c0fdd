using System.Diagnostics.Metrics;
using KafkaBroker.Protocol;

namespace KafkaBroker;

/// <summary>What the broker counts, in the meter <c>KafkaBroker</c> (<c>dotnet-counters monitor --counters KafkaBroker</c>).</summary>
internal sealed class BrokerMetrics : IDisposable
{
    private readonly Meter _meter = new("KafkaBroker");
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytesIn;
    private readonly Counter<long> _bytesOut;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _malformed;
    private readonly UpDownCounter<int> _connections;

    public BrokerMetrics()
    {
        _records = _meter.CreateCounter<long>("kafka.broker.produced.records", "{record}", "Records taken from producers.");
        _bytesIn = _meter.CreateCounter<long>("kafka.broker.produced.bytes", "By", "Record batches taken from producers.");
        _bytesOut = _meter.CreateCounter<long>("kafka.broker.fetched.bytes", "By", "Record batches given to consumers.");
        _requests = _meter.CreateCounter<long>("kafka.broker.requests", "{request}", "Requests, by their name.");
        _malformed = _meter.CreateCounter<long>("kafka.broker.requests.malformed", "{request}", "Frames that ended their connection.");
        _connections = _meter.CreateUpDownCounter<int>("kafka.broker.connections", "{connection}", "Open connections.");
    }

    public void CountProduced(int records, int bytes)
    {
        _records.Add(records);
        _bytesIn.Add(bytes);
    }

    public void CountFetched(int bytes) => _bytesOut.Add(bytes);

    public void CountRequest(ApiKey key)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new KeyValuePair<string, object?>("api", key.ToString()));
        }
    }

    public void CountMalformed() => _malformed.Add(1);

    public void CountConnection(int change) => _connections.Add(change);

    public void Dispose() => _meter.Dispose();
}
