using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Redis;

/// <summary>Runs a Redis server from the operating system's package.</summary>
internal sealed class RedisProcess(RedisResource server)
{
    public async Task<ProcessSpec> PrepareAsync(ProcessRecipeContext context, CancellationToken cancellationToken)
    {
        if (!File.Exists("/usr/bin/redis-server"))
        {
            throw new DistributedApplicationException("Redis is not installed: apt-get install redis-server.");
        }

        var data = context.DataFolder;
        var password = await server.PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);

        // The password goes into a file that only its owner may read: arguments are there for everybody to see.
        var configuration = Path.Combine(data, "redis.conf");
        PrivateFile.Write(configuration, Encoding.UTF8.GetBytes(
            $"""
            port {server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)}
            bind 127.0.0.1 -::1
            requirepass {password}
            dir "{data}"
            save {(context.VolumeName is null ? "\"\"" : "60 1")}
            daemonize no

            """));
        return new("/usr/bin/redis-server", [configuration, .. context.Arguments]);
    }
}
