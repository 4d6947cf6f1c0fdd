namespace Aspire.Hosting.Local;
internal sealed class LocalDashboard : IAsyncDisposable { public string Url { get; } = ""; public static Task<LocalDashboard> StartAsync(ApplicationRunner r, CancellationToken c) => Task.FromResult(new LocalDashboard()); public ValueTask DisposeAsync() => default; }
