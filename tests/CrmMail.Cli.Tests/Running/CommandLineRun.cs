using System.Text;
using CrmMail.Cli.Console;

namespace CrmMail.Cli.Tests.Running;

/// <summary>A command line that was carried out.</summary>
internal sealed record CommandLineRun(int ExitCode, string Out, string Error)
{
    public const string Key = "a-key-of-a-test-0123456789abcdef";

    /// <summary>Carries a command line out.</summary>
    /// <param name="line">Words with spaces between them.</param>
    /// <param name="server">Where to; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="width">Columns of the screen.</param>
    /// <param name="isScreen">Whether standard error is one.</param>
    /// <param name="interrupt">Ctrl-C.</param>
    public static Task<CommandLineRun> ExecuteAsync(
        string line, FakeServer? server, TimeProvider? time = null, int width = 80, bool isScreen = false, CancellationTokenSource? interrupt = null)
    {
        var variables = server is null ? [] : new Dictionary<string, string> { ["CRM_MAIL_URL"] = server.Url, ["CRM_MAIL_KEY"] = Key };
        return ExecuteAsync(line, variables, runFile: null, time, width, isScreen, interrupt);
    }

    /// <summary>Carries a command line out with this environment.</summary>
    public static async Task<CommandLineRun> ExecuteAsync(
        string line,
        Dictionary<string, string> variables,
        string? runFile = null,
        TimeProvider? time = null,
        int width = 80,
        bool isScreen = false,
        CancellationTokenSource? interrupt = null)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var surroundings = new Surroundings
        {
            Terminal = new Terminal(output, error) { Width = width, CanRedraw = isScreen },
            Time = time ?? TimeProvider.System,
            Variable = variables.GetValueOrDefault,
            RunFile = runFile,
        };
        var code = await new CrmMailCommandLine(surroundings).RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), interrupt?.Token ?? TestContext.Current.CancellationToken);
        return new CommandLineRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
