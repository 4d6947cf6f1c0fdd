using System.Diagnostics;

namespace CrmMail.SystemTests.Cli;

/// <summary>A run of <c>crm-mail</c> as an operator starts it, to its end.</summary>
internal sealed record CommandLine(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program against the Api of the running system.</summary>
    public static async Task<CommandLine> RunAsync(RunningApplication system, params IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", "..", "CrmMail.Cli", "debug", "crm-mail"), words)
        {
            Environment = { ["CRM_MAIL_URL"] = system.Application.GetEndpoint("api", "http").ToString(), ["CRM_MAIL_KEY"] = system.ApiKey },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new CommandLine(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    public void AssertSuccess() => Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}{Out}");
}
