using System.CommandLine;
using CrmMail.Cli.Http;

namespace CrmMail.Cli;

/// <summary>Carries commands out, and tells what came of them by an exit code and, if they fail, one line.</summary>
internal sealed class CommandRunner(GlobalOptions options, Surroundings surroundings)
{
    /// <summary>Says what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">Does it, and returns its <see cref="ExitCode"/>.</param>
    public void Let(Command command, Func<Call, CancellationToken, Task<int>> action) =>
        command.SetAction((line, cancellationToken) => RunAsync(line, action, cancellationToken));

    /// <summary>Says what is wrong, in one line.</summary>
    public void Complain(string message) => surroundings.Terminal.Error.WriteLine($"crm-mail: {message}.");

    private async Task<int> RunAsync(ParseResult line, Func<Call, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        try
        {
            using var api = new OperationsApi(ServerAddress.Find(line.GetValue(options.Url), line.GetValue(options.Key), surroundings));
            return await action(new Call(line, api, line.GetValue(options.Json), surroundings), cancellationToken);
        }
        catch (UsageException exception)
        {
            Complain(exception.Message);
            return ExitCode.Usage;
        }
        catch (ServerException exception)
        {
            Complain(exception.Message);
            return ExitCode.Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
