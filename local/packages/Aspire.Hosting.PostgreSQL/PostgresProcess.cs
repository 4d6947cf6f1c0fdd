using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>Runs a PostgreSQL server from the operating system's package.</summary>
internal sealed class PostgresProcess(PostgresServerResource server)
{
    // PostgreSQL refuses to run as root.
    private const string OrdinaryUser = "postgres";

    private static string? User => Environment.IsPrivilegedProcess ? OrdinaryUser : null;

    public async Task<ProcessSpec> PrepareAsync(ProcessRecipeContext context, CancellationToken cancellationToken)
    {
        var programs = FindPrograms();
        var data = await FindDataFolderAsync(context, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            context.Log($"creating a database cluster in {data}");
            await InitializeAsync(programs, data, context, cancellationToken).ConfigureAwait(false);
        }

        string[] settings =
        [
            $"port={server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)}",
            "listen_addresses=localhost",
            "unix_socket_directories=",
            "max_connections=200",
            "logging_collector=off",
        ];
        return new(Path.Combine(programs, "postgres"), ["-D", data, .. settings.SelectMany(setting => (string[])["-c", setting])])
        {
            User = User,
            WorkingDirectory = "/",
            StopSignal = Signal.Interrupt,
        };
    }

    private static string FindPrograms() =>
        Directory.Exists("/usr/lib/postgresql")
        && Directory.GetDirectories("/usr/lib/postgresql").MaxBy(folder => decimal.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)) is { } newest
        && File.Exists(Path.Combine(newest, "bin", "postgres"))
            ? Path.Combine(newest, "bin")
            : throw new DistributedApplicationException("PostgreSQL is not installed: apt-get install postgresql.");

    /// <summary>The volume, or a folder outside it when the user that PostgreSQL runs as cannot reach the volume.</summary>
    private static async Task<string> FindDataFolderAsync(ProcessRecipeContext context, CancellationToken cancellationToken)
    {
        var folder = context.DataFolder;
        if (User is null)
        {
            return Directory.CreateDirectory(Path.Combine(folder, "cluster")).FullName;
        }

        if (await RunAsUserAsync("test", ["-x", folder], context, cancellationToken).ConfigureAwait(false) != 0)
        {
            var reachable = context.State.Outside(context.VolumeName ?? context.Resource.Name);
            context.Log($"the user {OrdinaryUser} cannot enter {folder}, keeping the data in {reachable}");
            LinkTo(folder, reachable);
            folder = reachable;
        }

        var cluster = Directory.CreateDirectory(Path.Combine(folder, "cluster")).FullName;
        await LocalProcess.RunAsync(new("chown", ["-R", $"{OrdinaryUser}:{OrdinaryUser}", cluster]), (line, _) => context.Log(line), cancellationToken).ConfigureAwait(false);
        return cluster;
    }

    /// <summary>A link from the volume tells who deletes the volume that there is more to delete.</summary>
    private static void LinkTo(string folder, string reachable)
    {
        var link = new FileInfo(Path.Combine(folder, "outside"));
        if (link.LinkTarget is null)
        {
            link.CreateAsSymbolicLink(reachable);
        }
    }

    private async Task InitializeAsync(string programs, string data, ProcessRecipeContext context, CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(data, "..", $"{Guid.NewGuid():N}.password");
        try
        {
            var password = await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
            await File.WriteAllTextAsync(passwordFile, password, cancellationToken).ConfigureAwait(false);
            await LocalProcess.RunAsync(new("chown", [User ?? Environment.UserName, passwordFile]), (line, _) => context.Log(line), cancellationToken).ConfigureAwait(false);

            var user = await server.UserNameReference.GetValueAsync(cancellationToken).ConfigureAwait(false);
            string[] arguments = ["-D", data, "-U", user!, "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"];
            if (await RunAsUserAsync(Path.Combine(programs, "initdb"), arguments, context, cancellationToken).ConfigureAwait(false) != 0)
            {
                throw new DistributedApplicationException($"initdb could not create a database cluster in {data}; its output is above.");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static Task<int> RunAsUserAsync(string program, string[] arguments, ProcessRecipeContext context, CancellationToken cancellationToken) =>
        LocalProcess.RunAsync(new(program, arguments) { User = User, WorkingDirectory = "/" }, (line, _) => context.Log(line), cancellationToken);
}
