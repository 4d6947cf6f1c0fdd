using System.Diagnostics;
using System.Globalization;

namespace CrmMail.FaultTests.Faults;

/// <summary>A disk in memory for the broker alone, which can be full. Only root may mount one.</summary>
internal sealed class BrokerDisk : IDisposable
{
    private const long RoomyBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>The broker may write between the look at the disk and its new size, which is too small then.</summary>
    private const int Tries = 20;

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

    /// <summary>Bytes that can still be written.</summary>
    public long FreeBytes => new DriveInfo(Folder.FullName).TotalFreeSpace;

    /// <summary>Leaves nothing free but the rest of the pages that files end in.</summary>
    public void Fill()
    {
        for (var tries = 1; !TryResize(UsedBytes); tries++)
        {
            if (tries == Tries)
            {
                throw new InvalidOperationException($"{Folder} could not be made as small as what is in it.");
            }
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free()
    {
        if (!TryResize(RoomyBytes))
        {
            throw new InvalidOperationException($"{Folder} could not be made larger again.");
        }
    }

    public void Dispose()
    {
        if (!TryRun("umount", Folder.FullName))
        {
            throw new InvalidOperationException($"{Folder} could not be unmounted.");
        }

        Folder.Delete();
    }

    private long UsedBytes
    {
        get
        {
            var disk = new DriveInfo(Folder.FullName);
            return disk.TotalSize - disk.TotalFreeSpace;
        }
    }

    private bool TryResize(long bytes) => TryRun("mount", "-o", $"remount,{Size(bytes)}", Folder.FullName);

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");

    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
