using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>
/// <c>local/.state/run.json</c>: where everything of the current run is, for scripts and people. URLs of the services, connection
/// strings of the stores, and the application's own secrets, by their names in camel case.
/// </summary>
internal static class RunFile
{
    private const string Endpoint = "Endpoint=";

    /// <summary>Collects what is known of a run in which everything is healthy.</summary>
    public static async Task<SortedDictionary<string, string>> CollectAsync(IReadOnlyList<IResource> resources, string? dashboard, CancellationToken cancellationToken)
    {
        var run = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            if (resource is IResourceWithEndpoints listener && listener.GetEndpoints().FirstOrDefault(endpoint => endpoint.Scheme == "http") is { } http)
            {
                run[CamelCase(resource.Name)] = http.Url;
            }
            else if (resource is ParameterResource parameter)
            {
                run[CamelCase(resource.Name)] = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? "";
            }
            else if (resource is IResourceWithConnectionString store)
            {
                run[CamelCase(resource.Name)] = await ConnectionStringAsync(store, resources, cancellationToken).ConfigureAwait(false);
            }
        }

        if (dashboard is not null)
        {
            run["dashboard"] = dashboard;
        }

        return run;
    }

    public static void Write(string path, SortedDictionary<string, string> run) =>
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(run, RunFileJson.Default.SortedDictionaryStringString));

    /// <summary>A server with one database is of use only together with it; of <c>Endpoint=URL;Token=...</c> the URL is what belongs here.</summary>
    private static async Task<string> ConnectionStringAsync(IResourceWithConnectionString store, IReadOnlyList<IResource> resources, CancellationToken cancellationToken)
    {
        var databases = resources.OfType<IResourceWithParent>().Where(child => child.Parent == store).OfType<IResourceWithConnectionString>().ToArray();
        var meant = databases.Length == 1 ? databases[0] : store;
        var connectionString = await meant.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false) ?? "";
        return connectionString.StartsWith(Endpoint, StringComparison.OrdinalIgnoreCase) ? connectionString[Endpoint.Length..].Split(';')[0] : connectionString;
    }

    private static string CamelCase(string name)
    {
        var words = name.Split('-');
        return string.Concat(words.Select((word, index) => index == 0 ? word : string.Concat(word[..1].ToUpperInvariant(), word[1..])));
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class RunFileJson : JsonSerializerContext;
