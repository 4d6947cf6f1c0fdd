using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KafkaBroker.Server;

/// <summary>Has the kernel send a part of a file, which never comes into this process: .NET can send whole files only.</summary>
internal static partial class SocketFile
{
    private const int Interrupted = 4;

    /// <returns>How many bytes the socket took before it was full or broken; 0 on other systems than Linux.</returns>
    public static int Send(SafeHandle socket, SafeFileHandle file, long position, int count)
    {
        var sent = 0;
        while (OperatingSystem.IsLinux() && sent < count)
        {
            // The kernel moves the position on.
            var result = (int)SendFile(socket, file, ref position, count - sent);
            if (result > 0)
            {
                sent += result;
            }
            else if (result == 0 || Marshal.GetLastPInvokeError() != Interrupted)
            {
                break;
            }
        }

        return sent;
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendFile(SafeHandle socket, SafeHandle file, ref long position, nint count);
}
