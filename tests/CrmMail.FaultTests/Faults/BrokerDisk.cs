using System.Diagnostics;
using System.Globalization;

namespace CrmMail.FaultTests.Faults;

/// <summary>A disk in memory for the broker alone, which can be full. Only root may mount one.</summary>
internal sealed class BrokerDisk : IDisposable
{
    private const long RoomyBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>What the broker may still write between the look at the disk and its new size: less than the load brings in a few seconds.</summary>
    private const long SlackBytes = 128 * 1024;

    private BrokerDisk(DirectoryInfo folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public DirectoryInfo Folder { get; }

    /// <returns>Null where it cannot be mounted.</returns>
    public static BrokerDisk? TryMount()
    {
        var folder = Directory.CreateTempSubdirectory("crmmail-broker-");
        if (Environment.IsPrivilegedProcess && TryRun("mount", "-t", "tmpfs", "-o", Size(RoomyBytes), "crmmail-broker", folder.FullName))
        {
            return new BrokerDisk(folder);
        }

        folder.Delete();
        return null;
    }

    /// <summary>Leaves next to nothing free.</summary>
    public void Fill()
    {
        var disk = new DriveInfo(Folder.FullName);
        Resize(disk.TotalSize - disk.TotalFreeSpace + SlackBytes);
    }

    /// <summary>Makes room again.</summary>
    public void Free() => Resize(RoomyBytes);

    public void Dispose()
    {
        Run("umount", Folder.FullName);
        Folder.Delete();
    }

    private void Resize(long bytes) => Run("mount", "-o", $"remount,{Size(bytes)}", Folder.FullName);

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");

    private static void Run(string program, params string[] arguments)
    {
        if (!TryRun(program, arguments))
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.");
        }
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
