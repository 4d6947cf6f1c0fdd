using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Finds a port for every endpoint: the preferred one if nobody has it, else a free one.</summary>
internal static class PortAllocator
{
    // From 32768 on Linux takes ports for outgoing connections: one of those could get the port of a resource that restarts.
    private const int First = 15_000;
    private const int End = 32_000;
    private const int Attempts = 1_000;

    /// <param name="resources">The resources whose endpoints get their addresses.</param>
    /// <param name="random">Whether preferences are left aside, so that several applications run side by side.</param>
    /// <returns>The endpoints that did not get the port that they prefer.</returns>
    public static IReadOnlyList<EndpointAnnotation> Allocate(IEnumerable<IResource> resources, bool random)
    {
        var moved = new List<EndpointAnnotation>();
        var held = new List<TcpListener>();
        try
        {
            foreach (var endpoint in resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
            {
                var preferred = random ? null : endpoint.Port ?? endpoint.TargetPort;
                var listener = (preferred is { } port ? TryHold(port) : null) ?? HoldAny();
                held.Add(listener);
                endpoint.AllocatedEndpoint = new(endpoint, "localhost", ((IPEndPoint)listener.LocalEndpoint).Port);
                if (endpoint.Port is { } wanted && !random && wanted != endpoint.AllocatedEndpoint.Port)
                {
                    moved.Add(endpoint);
                }
            }
        }
        finally
        {
            // Held until all are chosen, so that no two endpoints get the same one.
            held.ForEach(listener => listener.Dispose());
        }

        return moved;
    }

    /// <summary>A port that nobody has at the moment.</summary>
    public static int Free()
    {
        using var listener = HoldAny();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static TcpListener? TryHold(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }

    private static TcpListener HoldAny()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryHold(Random.Shared.Next(First, End)) is { } listener)
            {
                return listener;
            }
        }

        throw new DistributedApplicationException($"No free TCP port on 127.0.0.1 between {First} and {End}.");
    }
}
