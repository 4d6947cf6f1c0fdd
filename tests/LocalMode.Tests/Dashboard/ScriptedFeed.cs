using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Local.Dashboard;

namespace LocalMode.Tests.Dashboard;

/// <summary>A runner in which happens what the test says.</summary>
internal sealed class ScriptedFeed : IDashboardFeed
{
    private readonly Lock _lock = new();
    private readonly List<ResourceView> _resources = [];
    private readonly List<ConsoleLine> _lines = [];
    private readonly List<Channel<ResourceView>> _resourceWatchers = [];
    private readonly List<Channel<ConsoleLine>> _logWatchers = [];

    public IReadOnlyList<ResourceView> Resources
    {
        get
        {
            lock (_lock)
            {
                return [.. _resources];
            }
        }
    }

    /// <summary>What a command does; succeeds until told otherwise.</summary>
    public Func<string, string, CancellationToken, Task<CommandOutcome>> OnExecute { get; set; } =
        (_, _, _) => Task.FromResult(new CommandOutcome(true, null));

    /// <summary>Changes and lines that wait in the feed because a reader has not taken them.</summary>
    public int HeldUp
    {
        get
        {
            lock (_lock)
            {
                return _resourceWatchers.Sum(w => w.Reader.Count) + _logWatchers.Sum(w => w.Reader.Count);
            }
        }
    }

    public int LogWatchers
    {
        get
        {
            lock (_lock)
            {
                return _logWatchers.Count;
            }
        }
    }

    public void Put(ResourceView resource)
    {
        lock (_lock)
        {
            var index = _resources.FindIndex(r => r.Name == resource.Name);
            if (index < 0)
            {
                _resources.Add(resource);
            }
            else
            {
                _resources[index] = resource;
            }

            _resourceWatchers.ForEach(w => w.Writer.TryWrite(resource));
        }
    }

    public void Write(string text, bool isError = false)
    {
        lock (_lock)
        {
            var line = new ConsoleLine(_lines.Count + 1, DateTimeOffset.UtcNow, isError, text);
            _lines.Add(line);
            _logWatchers.ForEach(w => w.Writer.TryWrite(line));
        }
    }

    public IAsyncEnumerable<ResourceView> WatchResourcesAsync(CancellationToken ct) => WatchAsync(_resources, _resourceWatchers, ct);

    public IAsyncEnumerable<ConsoleLine> WatchLogsAsync(string resource, CancellationToken ct) => WatchAsync(_lines, _logWatchers, ct);

    public Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken ct) => OnExecute(resource, command, ct);

    private async IAsyncEnumerable<T> WatchAsync<T>(List<T> current, List<Channel<T>> watchers, [EnumeratorCancellation] CancellationToken ct)
    {
        var watcher = Channel.CreateUnbounded<T>();
        lock (_lock)
        {
            current.ForEach(item => watcher.Writer.TryWrite(item));
            watchers.Add(watcher);
        }

        try
        {
            await foreach (var item in watcher.Reader.ReadAllAsync(ct))
            {
                yield return item;
            }
        }
        finally
        {
            lock (_lock)
            {
                watchers.Remove(watcher);
            }
        }
    }
}
