namespace KafkaBroker.Storage;

/// <summary>Wakes somebody who waits for records of one or more partitions.</summary>
internal sealed class AppendSignal
{
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Woken => _woken.Task;

    public void Wake() => _woken.TrySetResult();
}
