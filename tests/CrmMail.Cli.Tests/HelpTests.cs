using System.CommandLine;
using CrmMail.Cli.Console;
using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>Every command can be learned from its help.</summary>
public sealed class HelpTests
{
    private static readonly CrmMailCommandLine CommandLine = new(new Surroundings
    {
        Terminal = new Terminal(Stream.Null, TextWriter.Null),
        Time = TimeProvider.System,
        Variable = _ => null,
    });

    public static TheoryData<string> Commands => [.. Walk(CommandLine.Root, "").Select(found => found.Path)];

    public static TheoryData<string> Examples => [.. Walk(CommandLine.Root, "").Select(found => found.Command).OfType<ExampleCommand>().SelectMany(command => command.Examples)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Everything_is_described(string path)
    {
        var command = Find(path);

        Assert.All(
            (Symbol[])[command, .. command.Arguments, .. command.Options],
            symbol => Assert.True(symbol.Description is { Length: > 5 } text && !text.EndsWith('.') == symbol is not RootCommand, $"{path} {symbol.Name}: {symbol.Description}"));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_shows_how_a_command_is_used_and_needs_no_server(string path)
    {
        var run = await CommandLineRun.ExecuteAsync($"{path} --help", server: null);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"crm-mail {path}".TrimEnd(), run.Out, StringComparison.Ordinal);
        Assert.True(path.Length == 0 || run.Out.Contains("Examples:", StringComparison.Ordinal), run.Out);
        Assert.All(run.Out.Split('\n').TakeWhile(row => row != "Examples:"), row => Assert.InRange(row.Length, 0, 80));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_a_command_line(string example) => Assert.Empty(CommandLine.Root.Parse(example).Errors);

    [Fact]
    public void What_changes_data_needs_to_be_told_to() => Assert.Equal(
        ["dead-letters discard", "dead-letters requeue", "reconcile", "replay start"],
        Walk(CommandLine.Root, "").Where(found => found.Command.Options.Any(option => option.Name == "--execute")).Select(found => found.Path).Order());

    private static Command Find(string path) => Walk(CommandLine.Root, "").Single(found => found.Path == path).Command;

    private static IEnumerable<(string Path, Command Command)> Walk(Command command, string path) =>
        command.Subcommands.SelectMany(child => Walk(child, $"{path} {child.Name}".TrimStart())).Prepend((path, command));
}
