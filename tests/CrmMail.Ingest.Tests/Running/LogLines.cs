using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>All that the service logs, with the exceptions.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();

    public IReadOnlyCollection<Line> All => _lines;

    /// <summary>Everything from this level on, for the message of a failed test too.</summary>
    public string From(LogLevel level) => string.Join('\n', _lines.Where(line => line.Level >= level));

    public void Clear() => _lines.Clear();

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, _lines);

    public void Dispose()
    {
    }

    internal sealed record Line(LogLevel Level, string Category, string Text);

    private sealed class Category(string name, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue(new Line(LogLevel.Trace, name, $"scope {state}"));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Kestrel's word on a busy machine, which says nothing of the service.
            if (eventId.Name != "HeartbeatSlow")
            {
                lines.Enqueue(new Line(logLevel, name, $"{formatter(state, exception)} {exception}"));
            }
        }
    }
}
