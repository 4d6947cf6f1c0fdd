namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Which runner answers. Every stream begins with it, so that a page that reconnects can tell a restarted runner from its old one.</summary>
/// <param name="Application">Name of the application.</param>
/// <param name="Run">Differs for every start of the runner. Line numbers mean something only within one run.</param>
/// <param name="StartedAt">When the runner started.</param>
/// <param name="Assets">Version of the page; a page of another version loads itself again.</param>
internal sealed record RunnerView(string Application, string Run, DateTimeOffset StartedAt, string Assets);
