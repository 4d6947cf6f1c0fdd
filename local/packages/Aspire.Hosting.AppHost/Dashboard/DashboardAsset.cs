using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>A file of the page, embedded in this assembly.</summary>
internal sealed class DashboardAsset
{
    private const string ResourcePrefix = "Dashboard/";

    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _entityTag;

    private DashboardAsset(string fileName, byte[] content)
    {
        Path = fileName == "index.html" ? "/" : $"/{fileName}";
        _content = content;
        _contentType = ContentTypeOf(fileName);
        _entityTag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
    }

    /// <summary>Every file of the page.</summary>
    public static IReadOnlyList<DashboardAsset> All { get; } = [.. Load()];

    /// <summary>Changes with any file of the page.</summary>
    public static string Version { get; } = VersionOf(All);

    /// <summary>Path at which the file is served.</summary>
    public string Path { get; }

    /// <summary>The file, or 304 when the browser has it. It always asks, so a rebuilt page is never a stale one.</summary>
    public FileContentHttpResult Serve(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_content, _contentType, entityTag: _entityTag);
    }

    private static IEnumerable<DashboardAsset> Load()
    {
        var assembly = typeof(DashboardAsset).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new DashboardAsset(name[ResourcePrefix.Length..], content);
        }
    }

    private static string VersionOf(IReadOnlyList<DashboardAsset> assets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var asset in assets)
        {
            hash.AppendData(asset._content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string ContentTypeOf(string fileName) => System.IO.Path.GetExtension(fileName) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        var other => throw new InvalidOperationException($"No content type is known for {other}, needed by {fileName}."),
    };
}
