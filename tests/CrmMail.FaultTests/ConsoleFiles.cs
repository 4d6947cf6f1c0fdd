using Microsoft.Extensions.DependencyInjection;

namespace CrmMail.FaultTests;

/// <summary>Keeps the consoles of the system's processes, a file for each, so that a broken rule can be explained.</summary>
internal sealed class ConsoleFiles : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _writing;

    public ConsoleFiles(MailSystem system, DirectoryInfo folder)
    {
        var consoles = system.Application.Services.GetRequiredService<ResourceLoggerService>();
        _writing = Task.WhenAll(MailSystem.Processes.Select(resource => WriteAsync(consoles, resource, Path.Combine(folder.FullName, $"{resource}.log"))));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing;
        _end.Dispose();
    }

    private async Task WriteAsync(ResourceLoggerService consoles, string resource, string path)
    {
        await using var file = new StreamWriter(path) { AutoFlush = true };
        try
        {
            await foreach (var lines in consoles.WatchAsync(resource).WithCancellation(_end.Token))
            {
                foreach (var line in lines)
                {
                    await file.WriteLineAsync($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line.Content}");
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
    }
}
