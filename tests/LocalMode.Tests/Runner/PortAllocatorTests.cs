using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace LocalMode.Tests.Runner;

public sealed class PortAllocatorTests
{
    [Fact]
    public void An_endpoint_gets_the_port_that_it_prefers_when_nobody_has_it()
    {
        var (resource, endpoint) = Listener(PortAllocator.Free());

        var moved = PortAllocator.Allocate([resource], random: false);

        Assert.Empty(moved);
        Assert.Equal(endpoint.Port, endpoint.AllocatedEndpoint?.Port);
    }

    [Fact]
    public void An_endpoint_whose_port_is_taken_gets_a_free_one_and_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (resource, endpoint) = Listener(((IPEndPoint)taken.LocalEndpoint).Port);

        var moved = PortAllocator.Allocate([resource], random: false);

        Assert.Same(endpoint, Assert.Single(moved));
        Assert.NotEqual(endpoint.Port, endpoint.AllocatedEndpoint?.Port);
    }

    [Fact]
    public void No_two_endpoints_get_the_same_port()
    {
        var preferred = PortAllocator.Free();
        var listeners = Enumerable.Range(0, 20).Select(_ => Listener(preferred)).ToArray();

        PortAllocator.Allocate(listeners.Select(listener => listener.Resource), random: false);

        Assert.Equal(20, listeners.Select(listener => listener.Endpoint.AllocatedEndpoint!.Port).Distinct().Count());
    }

    private static (IResource Resource, EndpointAnnotation Endpoint) Listener(int port)
    {
        var resource = new ContainerResource($"listener-{Guid.NewGuid():N}");
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, "http", port: port);
        resource.Annotations.Add(endpoint);
        return (resource, endpoint);
    }
}
