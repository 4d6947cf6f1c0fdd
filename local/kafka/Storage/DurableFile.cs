using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace KafkaBroker.Storage;

/// <summary>Small files that are either the old or the new ones, whenever the process ends.</summary>
internal static partial class DurableFile
{
    private const int ReadOnlyFolder = 0x10000;

    /// <param name="path">Replaced in one step.</param>
    /// <param name="content">All of it. It is flushed in any case: after a loss of power an old file is as good as a new one, an empty one is not.</param>
    /// <param name="flush">Whether it has to be the new one after a loss of power too.</param>
    public static void Write(string path, string content, bool flush)
    {
        var fresh = path + ".new";
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(content), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(fresh, path, overwrite: true);
        if (flush)
        {
            FlushFolder(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Makes the disk have the names in a folder. .NET opens files only; Windows needs no such thing.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(path, OperatingSystem.IsLinux() ? ReadOnlyFolder : 0);
        if (folder < 0)
        {
            throw new IOException($"{path} cannot be opened.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        var result = Sync(folder);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(folder);
        if (result != 0)
        {
            throw new IOException($"{path} cannot be flushed.", new Win32Exception(error));
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
