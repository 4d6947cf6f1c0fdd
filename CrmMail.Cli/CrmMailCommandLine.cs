using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using CrmMail.Cli.Audit;
using CrmMail.Cli.Console;
using CrmMail.Cli.DeadLetters;
using CrmMail.Cli.Reconciliations;
using CrmMail.Cli.Replays;

namespace CrmMail.Cli;

/// <summary>All commands of <c>crm-mail</c>.</summary>
internal sealed partial class CrmMailCommandLine
{
    private readonly Surroundings _surroundings;
    private readonly CommandRunner _runner;

    public CrmMailCommandLine(Surroundings surroundings)
    {
        var options = new GlobalOptions();
        _surroundings = surroundings;
        _runner = new CommandRunner(options, surroundings);
        Root = new RootCommand("Operates CrmMail: dead letters, replays, reconciliations. What changes data is a dry run without --execute.")
        {
            DeadLetterCommands.Of(_runner),
            ReplayCommands.Of(_runner),
            ReconciliationCommands.Of(_runner),
            AuditCommand.Of(_runner),
        };
        Root.HelpName = surroundings.Program;
        options.AddTo(Root);
        var help = Root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples(new HelpAction { MaxWidth = surroundings.Terminal.Width }, surroundings.Program);
    }

    /// <summary>The commands.</summary>
    public RootCommand Root { get; }

    /// <summary>Carries a command line out.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        // No @file: an id may begin with @.
        var line = Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Action is ParseErrorAction or null)
        {
            return Refuse(line);
        }

        var output = new InvocationConfiguration { Output = _surroundings.Terminal.Out, Error = _surroundings.Terminal.Error, EnableDefaultExceptionHandler = false };
        return await line.InvokeAsync(output, cancellationToken);
    }

    /// <summary>Says the first thing that is wrong, and nothing that may be the value of a mistyped option: it may be a key.</summary>
    private int Refuse(ParseResult line)
    {
        var cause = line switch
        {
            { UnmatchedTokens: [var word, ..] } => IsWord().IsMatch(word) ? $"there is no command or option {word}" : "there is an argument too many",
            { Errors: [{ SymbolResult: CommandResult }, ..] } => "a command is needed",
            _ => Printable.Line(line.Errors[0].Message.TrimEnd('.', ' ')),
        };
        _runner.Complain($"{cause}: see {_surroundings.Program}{PathOf(line.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "";

    [GeneratedRegex(@"^-{0,2}[a-z-]{1,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IsWord();
}
