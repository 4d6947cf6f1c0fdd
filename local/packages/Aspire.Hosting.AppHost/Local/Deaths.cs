using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>A resource that ended, or could not be started, without anybody asking for it.</summary>
/// <param name="Resource">Its name.</param>
/// <param name="Reason">How it ended.</param>
/// <param name="LastLines">The end of its console.</param>
internal sealed record Death(string Resource, string Reason, IReadOnlyList<ConsoleEntry> LastLines);

/// <summary>The deaths of a run.</summary>
internal sealed class Deaths
{
    private readonly ConcurrentQueue<Death> _all = new();

    public event Action<Death>? Occurred;

    public IReadOnlyCollection<Death> All => _all;

    public bool Any => !_all.IsEmpty;

    public void Report(ResourceRunner runner, string reason, IReadOnlyList<ConsoleEntry> lastLines)
    {
        var death = new Death(runner.Resource.Name, reason, lastLines);
        _all.Enqueue(death);
        Occurred?.Invoke(death);
    }
}
