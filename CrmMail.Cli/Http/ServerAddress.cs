using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmMail.Cli.Http;

/// <summary>Where the Api is, and the key that opens it.</summary>
/// <param name="Url">Its root.</param>
/// <param name="Key">The API key; never written anywhere.</param>
internal sealed record ServerAddress(Uri Url, string Key)
{
    public const string UrlVariable = "CRM_MAIL_URL";
    public const string KeyVariable = "CRM_MAIL_KEY";

    public override string ToString() => Url.ToString();

    /// <summary>
    /// Takes what is given on the command line, else in the environment, else what <c>./run</c> has written. A key of <c>./run</c> is
    /// for its own address only.
    /// </summary>
    /// <exception cref="UsageException">Something is missing, or is nothing of its kind.</exception>
    public static ServerAddress Find(string? url, string? key, Surroundings surroundings)
    {
        var local = ReadRunFile(surroundings.RunFile);
        url ??= Given(surroundings, UrlVariable) ?? local?.Api
            ?? throw new UsageException($"where is the Api? Say it by --url or {UrlVariable}, or start everything in this checkout: ./run");
        key ??= Given(surroundings, KeyVariable) ?? (IsSame(url, local?.Api) ? local?.ApiKey : null)
            ?? throw new UsageException($"a key is needed: set {KeyVariable} (or --key) to an API key with the scope ops");
        return new ServerAddress(ReadUrl(url), ReadKey(key));
    }

    private static Uri ReadUrl(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw new UsageException("the address of the Api is no http or https URL, such as http://localhost:5280");

    private static string ReadKey(string key) => key.Length > 0 && key.All(character => character is > ' ' and < '\x7f')
        ? key
        : throw new UsageException("the key is none: keys are letters, digits, - and _, without spaces");

    private static string? Given(Surroundings surroundings, string variable) => surroundings.Variable(variable) is { Length: > 0 } value ? value : null;

    private static bool IsSame(string url, string? other) => other is not null && url.TrimEnd('/') == other.TrimEnd('/');

    private static RunFile? ReadRunFile(string? path)
    {
        try
        {
            return path is not null && File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), RunFileJson.Default.RunFile) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path} cannot be read ({exception.Message.TrimEnd('.')}): say where the Api is by --url and {KeyVariable}");
        }
    }
}

/// <summary>What <c>./run</c> writes, as far as it matters here.</summary>
internal sealed record RunFile(string? Api, string? ApiKey);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunFile))]
internal sealed partial class RunFileJson : JsonSerializerContext;
