using System.CommandLine;
using CrmMail.Cli.Http;

namespace CrmMail.Cli;

/// <summary>The options of every command.</summary>
internal sealed class GlobalOptions
{
    public const string KeyName = "--key";

    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"Where the Api is; {ServerAddress.UrlVariable} if not given, else the Api of ./run in this checkout",
        HelpName = "url",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new(KeyName)
    {
        Description = $"An API key with the scope ops. Better in {ServerAddress.KeyVariable}: others on this machine see command lines",
        HelpName = "key",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the server's JSON as it is", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Add(Url);
        root.Add(Key);
        root.Add(Json);
    }
}
