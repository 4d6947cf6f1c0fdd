using System.Runtime.CompilerServices;

namespace Aspire.Hosting.Local;

internal static class CancellableWatch
{
    /// <summary>The same sequence, which ends when the token is cancelled instead of throwing.</summary>
    public static async IAsyncEnumerable<T> UntilCancelled<T>(this IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var items = source.GetAsyncEnumerator(stop);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                yield break;
            }

            yield return items.Current;
        }
    }
}
