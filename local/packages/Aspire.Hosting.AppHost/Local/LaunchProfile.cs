using System.Text.Json;

namespace Aspire.Hosting.Local;

/// <summary>The part of a <c>Properties/launchSettings.json</c> that says how to run a project.</summary>
internal sealed record LaunchProfile(IReadOnlyList<Uri> Urls, IReadOnlyDictionary<string, string> EnvironmentVariables)
{
    /// <summary>The first profile that starts the project itself; null when there is none.</summary>
    public static LaunchProfile? Read(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return null;
        }

        using var settings = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        foreach (var profile in settings.RootElement.GetProperty("profiles").EnumerateObject())
        {
            if (profile.Value.TryGetProperty("commandName", out var command) && command.ValueEquals("Project"))
            {
                return new(ReadUrls(profile.Value), ReadEnvironment(profile.Value));
            }
        }

        return null;
    }

    private static Uri[] ReadUrls(JsonElement profile) =>
        profile.TryGetProperty("applicationUrl", out var urls)
            ? [.. urls.GetString()!.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url))]
            : [];

    private static Dictionary<string, string> ReadEnvironment(JsonElement profile) =>
        profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString() ?? "")
            : [];
}
