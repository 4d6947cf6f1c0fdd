using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CrmMail.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>What one service measures; others in this process have meters of their own.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<Measurement> _all = new();
    private readonly MeterListener _listener = new();

    public Measurements(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MailTelemetry.Ingest && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Add);
        _listener.SetMeasurementEventCallback<int>(Add);
        _listener.SetMeasurementEventCallback<double>(Add);
        _listener.Start();
    }

    public IReadOnlyCollection<Measurement> All => _all;

    /// <summary>The answers to webhooks so far, in order of their names, such as <c>accepted 2, overloaded 1</c>.</summary>
    public string Answers => string.Join(", ", Of(MailTelemetry.IngestWebhooks)
        .GroupBy(measured => (string)measured.Tags[MailTelemetry.AnswerTag]!)
        .OrderBy(answer => answer.Key, StringComparer.Ordinal)
        .Select(answer => $"{answer.Key} {answer.Count()}"));

    public IEnumerable<Measurement> Of(string instrument) => _all.Where(measured => measured.Instrument == instrument);

    /// <summary>The value of an observable instrument now.</summary>
    public double Observe(string instrument)
    {
        _listener.RecordObservableInstruments();
        return Of(instrument).Last().Value;
    }

    public void Dispose() => _listener.Dispose();

    private void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct, IConvertible =>
        _all.Enqueue(new Measurement(instrument.Name, value.ToDouble(null), tags.ToArray().ToDictionary()));

    internal sealed record Measurement(string Instrument, double Value, Dictionary<string, object?> Tags);
}
