using CrmMail.Cli.Console;

namespace CrmMail.Cli;

/// <summary>What a command sees of the machine that it runs on.</summary>
internal sealed record Surroundings
{
    private const string ProgramVariable = "CRM_MAIL_PROGRAM";

    /// <summary>Where it writes.</summary>
    public required Terminal Terminal { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The value of an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The file in which <c>./run</c> says where everything is; null outside a checkout.</summary>
    public string? RunFile { get; init; }

    /// <summary>By which name it is called, so that what it proposes can be typed as it stands.</summary>
    public string Program => Variable(ProgramVariable) is { Length: > 0 } name ? name : "crm-mail";

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new()
    {
        Terminal = Terminal.OfProcess(),
        Time = TimeProvider.System,
        Variable = Environment.GetEnvironmentVariable,
        RunFile = RunFileOf(AppContext.BaseDirectory),
    };

    /// <summary>
    /// Looks for the checkout around the program, not around the working directory: a folder that somebody else has prepared must not
    /// tell where a key is sent.
    /// </summary>
    private static string? RunFileOf(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CrmMail.sln")))
            {
                return Path.Combine(folder.FullName, "local", ".state", "run.json");
            }
        }

        return null;
    }
}
