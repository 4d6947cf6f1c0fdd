using System.Globalization;
using System.Runtime.InteropServices;

namespace CrmMail.FaultTests;

/// <summary>Finds the process of a resource and sends it signals.</summary>
internal static partial class ServerProcess
{
    /// <summary>The variable in the environment of a process that names its resource.</summary>
    public const string Mark = "CRMMAIL_FAULT_TARGET";

    public const int Quit = 3;
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>The uppermost process of a resource below this one; null when there is none.</summary>
    public static int? Find(string resource)
    {
        var parents = ReadParents();
        foreach (var process in parents.Keys)
        {
            if (IsBelow(process, Environment.ProcessId, parents) && Bears(process, resource) && !Bears(parents[process], resource))
            {
                return process;
            }
        }

        return null;
    }

    /// <exception cref="InvalidOperationException">The resource has no process.</exception>
    public static void Signal(string resource, int signal) => _ = SendSignal(Get(resource), signal);

    /// <summary>Sends a signal to the process of a resource and to all below it: PostgreSQL has one per connection.</summary>
    /// <exception cref="InvalidOperationException">The resource has no process.</exception>
    public static void SignalAll(string resource, int signal)
    {
        var uppermost = Get(resource);
        var parents = ReadParents();
        foreach (var process in parents.Keys.Where(process => process == uppermost || IsBelow(process, uppermost, parents)))
        {
            _ = SendSignal(process, signal);
        }
    }

    /// <summary>Resident memory in bytes; 0 when the resource has no process.</summary>
    public static long ResidentBytes(string resource)
    {
        var line = Find(resource) is { } process && Read(process, "status") is { } status
            ? status.Split('\n').FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            : null;
        return line is null ? 0 : 1024 * long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    private static int Get(string resource) => Find(resource) ?? throw new InvalidOperationException($"{resource} has no process.");

    private static Dictionary<int, int> ReadParents()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            // After the name, in parentheses, which may hold anything: state and parent.
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) && Read(process, "stat") is { } stat
                && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is [not "Z", var parent, ..])
            {
                parents[process] = int.Parse(parent, CultureInfo.InvariantCulture);
            }
        }

        return parents;
    }

    private static bool IsBelow(int process, int root, Dictionary<int, int> parents)
    {
        while (parents.TryGetValue(process, out var parent))
        {
            if (parent == root)
            {
                return true;
            }

            process = parent;
        }

        return false;
    }

    /// <summary>Redis writes its title over its environment, so it is known by that.</summary>
    private static bool Bears(int process, string resource) => resource == MailSystem.Redis
        ? Read(process, "cmdline")?.Contains("redis-server", StringComparison.Ordinal) == true
        : Read(process, "environ")?.Split('\0').Contains($"{Mark}={resource}") == true;

    private static string? Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is another user's.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
