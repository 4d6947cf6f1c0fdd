using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace EmailEngineSimulator.Control;

/// <summary>The control page: three files inside the assembly.</summary>
internal static class ControlPage
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Serve("/", "index.html", "text/html; charset=utf-8");
        Serve("/page.css", "page.css", "text/css; charset=utf-8");
        Serve("/page.js", "page.js", "text/javascript; charset=utf-8");

        void Serve(string path, string file, string contentType)
        {
            var content = Read(file);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
            app.MapGet(path, () => Results.Bytes(content, contentType, entityTag: tag));
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{file}")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
