namespace LocalMode.Tests.Runner;

/// <summary>Looks at the processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>Whether a process has ended; one that has but was not yet asked for its exit code (a zombie) counts as ended.</summary>
    public static bool IsGone(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'Z';
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return true;
        }
    }
}
