using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Local;

/// <summary>The folder in which local mode keeps data, secrets and the addresses of the current run.</summary>
internal sealed class LocalState
{
    private readonly HashSet<string> _scratches = [];

    private LocalState(string root, string repository, bool temporary)
    {
        Root = root;
        Repository = repository;
        IsTemporary = temporary;
        Secrets = new(temporary ? null : Path.Combine(root, "secrets.json"));
    }

    /// <summary><c>local/.state</c>, or a folder of its own for a test.</summary>
    public string Root { get; }

    /// <summary>The solution's folder.</summary>
    public string Repository { get; }

    /// <summary>Whether it is deleted in the end.</summary>
    public bool IsTemporary { get; }

    public SecretStore Secrets { get; }

    /// <summary>Where the addresses and secrets of the current run are written.</summary>
    public string RunFile => Path.Combine(Root, "run.json");

    /// <summary>Where the process id of the current run is written.</summary>
    public string PidFile => Path.Combine(Root, "run.pid");

    /// <summary>The state of an AppHost. An application with random ports is a test: it gets a folder of its own.</summary>
    public static LocalState For(string appHostDirectory, IConfiguration configuration)
    {
        var repository = Path.GetFullPath(Path.Combine(appHostDirectory, ".."));
        var isTest = configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        return isTest
            ? new(TemporaryFolder(), repository, temporary: true)
            : new(Directory.CreateDirectory(Path.Combine(repository, "local", ".state")).FullName, repository, temporary: false);
    }

    /// <summary>Folder of a volume; kept between runs.</summary>
    public string Volume(string name) => Directory.CreateDirectory(Path.Combine(Root, "volumes", name)).FullName;

    /// <summary>Folder of a resource without a volume: empty at the start of a run, and kept while the resource is stopped and started, as a container's is.</summary>
    public string Scratch(string resource)
    {
        var folder = Path.Combine(Root, "scratch", resource);
        lock (_scratches)
        {
            if (_scratches.Add(resource) && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>A folder for data whose owner cannot enter <see cref="Root" />, for example below a home folder that only its user may enter.</summary>
    public string Outside(string name)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12];
        return Directory.CreateDirectory(Path.Combine("/var/tmp", $"crmmail-{id}", name)).FullName;
    }

    public void DeleteIfTemporary()
    {
        if (IsTemporary)
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    /// <summary>Others may pass through it: PostgreSQL keeps its data below as a user of its own.</summary>
    private static string TemporaryFolder()
    {
        var folder = Directory.CreateTempSubdirectory("crmmail-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return folder;
    }
}
