using System.Globalization;

namespace CrmMail.SystemTests.LocalMode;

/// <summary>Reads /proc.</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Descendants(int root)
    {
        var parents = Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0)
            .ToDictionary(process => process, process => Stat(process)?.Parent ?? 0);

        var found = new List<int>();
        for (IReadOnlyList<int> level = [root]; level.Count > 0; found.AddRange(level))
        {
            level = [.. parents.Where(entry => level.Contains(entry.Value)).Select(entry => entry.Key)];
        }

        return found;
    }

    /// <summary>Whether a process runs; one that has ended but whose parent has not asked for its exit code does not.</summary>
    public static bool IsAlive(int process) => Stat(process) is { State: not 'Z' };

    public static string CommandLine(int process) => Read(process, "cmdline")?.Replace('\0', ' ') ?? "";

    private static (char State, int Parent)? Stat(int process)
    {
        if (Read(process, "stat") is not { } stat)
        {
            return null;
        }

        // The name, in parentheses, may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    private static string? Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/{file}");
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
