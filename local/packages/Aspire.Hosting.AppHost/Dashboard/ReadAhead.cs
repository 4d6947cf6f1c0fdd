using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>
/// Takes what the feed has as fast as it comes, whatever the pace of the client, and ends quietly when cancelled.
/// A client that cannot keep up misses items; it never holds up the feed or the memory of the runner.
/// </summary>
internal static class ReadAhead
{
    /// <summary>Keeps the newest items. The oldest give way, and the gap shows in their numbers.</summary>
    public static async IAsyncEnumerable<T> KeepNewest<T>(
        this IAsyncEnumerable<T> source, int capacity, [EnumeratorCancellation] CancellationToken ct)
    {
        var newest = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
            SingleWriter = true,
        });

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pump = PumpAsync(source, item => newest.Writer.TryWrite(item), newest.Writer, reading.Token);
        try
        {
            await foreach (var item in newest.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return item;
            }
        }
        finally
        {
            await reading.CancelAsync();
            await pump;
        }
    }

    /// <summary>Keeps the latest item of each key. What was overtaken before the client could take it is left out.</summary>
    public static async IAsyncEnumerable<T> KeepLatest<T>(
        this IAsyncEnumerable<T> source, Func<T, string> key, [EnumeratorCancellation] CancellationToken ct)
    {
        // A key waits at most once, so the channel is no longer than there are keys.
        var keys = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var latest = new Dictionary<string, T>();

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pump = PumpAsync(source, Put, keys.Writer, reading.Token);
        try
        {
            await foreach (var next in keys.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return Take(next);
            }
        }
        finally
        {
            await reading.CancelAsync();
            await pump;
        }

        void Put(T item)
        {
            var name = key(item);
            lock (latest)
            {
                if (latest.TryAdd(name, item))
                {
                    keys.Writer.TryWrite(name);
                }
                else
                {
                    latest[name] = item;
                }
            }
        }

        T Take(string name)
        {
            lock (latest)
            {
                latest.Remove(name, out var item);
                return item!;
            }
        }
    }

    /// <summary>Never throws: an error of the source becomes the end of <paramref name="end"/>.</summary>
    private static async Task PumpAsync<T, TEnd>(IAsyncEnumerable<T> source, Action<T> put, ChannelWriter<TEnd> end, CancellationToken ct)
    {
        try
        {
            await foreach (var item in source.WithCancellation(ct))
            {
                put(item);
            }

            end.Complete();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            end.Complete();
        }
        catch (Exception error)
        {
            end.Complete(error);
        }
    }
}
