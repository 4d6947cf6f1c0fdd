using System.Diagnostics;
using System.Globalization;

namespace CrmMail.SystemTests.Schema;

/// <summary>The programs of the operating system's package. They refuse to run as root, so root becomes the user of the package.</summary>
internal static class PostgresPackage
{
    private const string Versions = "/usr/lib/postgresql";
    private const string User = "postgres";

    private static bool IsRoot => Environment.UserName == "root";

    public static Task GiveAsync(string folder, CancellationToken cancellationToken) =>
        IsRoot ? StartAsync("chown", [User, folder], cancellationToken) : Task.CompletedTask;

    public static Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(NewestBin(), program);
        return IsRoot
            ? StartAsync("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", path, .. arguments], cancellationToken)
            : StartAsync(path, arguments, cancellationToken);
    }

    private static string NewestBin()
    {
        var newest = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions).MaxBy(version => int.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
            : null;
        return Path.Combine(newest ?? throw new InvalidOperationException(
            "There is no PostgreSQL to test with. Install the package postgresql, or name a server in ConnectionStrings__crm."), "bin");
    }

    private static async Task StartAsync(string file, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output} {await error}");
    }
}
