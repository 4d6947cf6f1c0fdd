using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's console.</summary>
/// <param name="LineNumber">Counted from 1.</param>
/// <param name="Content">The line.</param>
/// <param name="IsErrorMessage">Whether it was written to standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource's console and passes new ones on.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ConsoleBacklog> _backlogs = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceLoggerService()
    {
    }

    /// <summary>The lines kept, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => WatchOneByOneAsync(resourceName);

    internal void Write(string resourceName, string text, bool isError) => Of(resourceName).Append(text, isError);

    internal IReadOnlyList<ConsoleEntry> LastLines(string resourceName, int count) => Of(resourceName).Last(count);

    internal IAsyncEnumerable<ConsoleEntry> WatchLinesAsync(string resourceName, CancellationToken cancellationToken) =>
        Of(resourceName).WatchAsync(cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchOneByOneAsync(string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var line in WatchLinesAsync(resourceName, cancellationToken).ConfigureAwait(false))
        {
            yield return [new(line.Number, line.Text, line.IsError)];
        }
    }

    private ConsoleBacklog Of(string resourceName) => _backlogs.GetOrAdd(resourceName, static _ => new());
}

internal readonly record struct ConsoleEntry(int Number, DateTimeOffset Timestamp, string Text, bool IsError);

internal sealed class ConsoleBacklog
{
    private const int Capacity = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<ConsoleEntry> _lines = new(Capacity);
    private readonly List<Channel<ConsoleEntry>> _watchers = [];
    private int _count;

    public void Append(string text, bool isError)
    {
        lock (_gate)
        {
            var line = new ConsoleEntry(++_count, TimeProvider.System.GetUtcNow(), text, isError);
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(line);
            }
        }
    }

    public IReadOnlyList<ConsoleEntry> Last(int count)
    {
        lock (_gate)
        {
            return [.. _lines.TakeLast(count)];
        }
    }

    public async IAsyncEnumerable<ConsoleEntry> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A watcher that does not keep up loses the oldest lines; a resource is never held up by who looks at it.
        var lines = Channel.CreateBounded<ConsoleEntry>(new BoundedChannelOptions(10 * Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            foreach (var line in _lines)
            {
                lines.Writer.TryWrite(line);
            }

            _watchers.Add(lines);
        }

        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return line;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(lines);
            }
        }
    }
}
