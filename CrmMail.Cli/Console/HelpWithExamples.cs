using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CrmMail.Cli.Console;

/// <summary>A command whose help shows how it is used.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines, without the name of the program.</summary>
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The help of System.CommandLine, and below it the examples.</summary>
internal sealed class HelpWithExamples(HelpAction help, string program) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => help.ClearsParseErrors;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  {program} {example}");
            }

            output.WriteLine();
        }

        return code;
    }
}
