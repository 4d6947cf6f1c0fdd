using System.Runtime.InteropServices;

namespace Aspire.Hosting.Local;

/// <summary>POSIX signals that end a process.</summary>
internal enum Signal
{
    /// <summary>SIGINT: for PostgreSQL a fast shutdown.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,
}

internal static partial class Signals
{
    /// <summary>Signals a process group; one that has ended is left alone.</summary>
    public static void SendToGroup(int processGroup, Signal signal) => _ = Kill(-processGroup, (int)signal);

    /// <summary>Signals a process; one that has ended is left alone.</summary>
    public static void Send(int process, Signal signal) => _ = Kill(process, (int)signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
