using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>One step of the schema: a numbered SQL file that runs once, in one transaction, and never changes after it was released.</summary>
/// <param name="Version">Its number; versions count from 1 without a gap.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Sql">Its text.</param>
public sealed record SchemaScript(int Version, string Name, string Sql)
{
    /// <summary>The SHA-256 of the text in UTF-8: what <c>schema_migrations</c> remembers of an applied script.</summary>
    public byte[] Checksum() => SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    /// <summary>The schema of this build, in order.</summary>
    public static IReadOnlyList<SchemaScript> All { get; } = ReadEmbedded();

    private static SchemaScript[] ReadEmbedded()
    {
        var assembly = typeof(SchemaScript).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select((name, index) => new SchemaScript(index + 1, name, ReadText(assembly, name)))];
    }

    private static string ReadText(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
