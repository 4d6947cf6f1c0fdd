using System.Text;
using System.Text.Json;

namespace CrmMail.UnitTests.Processor;

/// <summary>Webhooks as a real EmailEngine sent them.</summary>
internal static class Recording
{
    /// <summary>Name of the file without its ending, and the raw body.</summary>
    public static IReadOnlyList<(string Name, byte[] Body)> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "recordings")).Order(StringComparer.Ordinal).Select(file =>
        {
            using var recording = JsonDocument.Parse(File.ReadAllBytes(file));
            return (Path.GetFileNameWithoutExtension(file), Encoding.UTF8.GetBytes(recording.RootElement.GetProperty("body").GetString()!));
        }),
    ];
}
