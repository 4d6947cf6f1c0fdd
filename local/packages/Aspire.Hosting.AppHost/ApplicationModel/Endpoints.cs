using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port on which a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    /// <summary>Describes a port.</summary>
    /// <param name="protocol">TCP, as a rule.</param>
    /// <param name="uriScheme">Scheme of its URL; the protocol's name when null.</param>
    /// <param name="transport">Protocol above TCP, for example <c>http</c>.</param>
    /// <param name="name">Name among the resource's endpoints; the scheme when null.</param>
    /// <param name="port">Port that clients use.</param>
    /// <param name="targetPort">Port on which the process listens, inside its container if it has one.</param>
    /// <param name="isExternal">Whether it is meant for callers outside.</param>
    /// <param name="isProxied">Whether clients reach it through a proxy. Local mode has none.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Transport = transport ?? UriScheme;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>TCP, as a rule.</summary>
    public ProtocolType Protocol { get; }

    /// <summary>Scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>Protocol above TCP.</summary>
    public string Transport { get; set; }

    /// <summary>Name among the resource's endpoints.</summary>
    public string Name { get; set; }

    /// <summary>Port that clients use.</summary>
    public int? Port { get; set; }

    /// <summary>Port on which the process listens.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Whether it is meant for callers outside.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether clients reach it through a proxy.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Where it can be reached; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }
}

/// <summary>Where an endpoint can be reached.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="address">Host name or address.</param>
/// <param name="port">Port.</param>
/// <param name="targetPortExpression">Where a proxy finds the port of the process. Local mode has no proxy.</param>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>Host name or address.</summary>
    public string Address { get; } = address;

    /// <summary>Port.</summary>
    public int Port { get; } = port;

    /// <summary>Where a proxy finds the port of the process.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    /// <summary>Host and port.</summary>
    public string EndPointString => $"{Address}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>URL without a path.</summary>
    public string UriString => $"{Endpoint.UriScheme}://{EndPointString}";
}

/// <summary>A part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url,

    /// <summary>Host name.</summary>
    Host,

    /// <summary>Host as an IPv4 address.</summary>
    IPV4Host,

    /// <summary>Port that clients use.</summary>
    Port,

    /// <summary>Scheme.</summary>
    Scheme,

    /// <summary>Port on which the process listens. In local mode the same as <see cref="Port" />.</summary>
    TargetPort,

    /// <summary>Host and port.</summary>
    HostAndPort,
}

/// <summary>A network from which an endpoint is looked at. In local mode everything is on the host's own.</summary>
/// <param name="Value">Its name.</param>
public record NetworkIdentifier(string Value);

/// <summary>The networks that there are.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>The host's own: what a browser on this machine sees.</summary>
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");
}

/// <summary>An endpoint of a resource, by its name.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue, IValueWithReferences
{
    /// <summary>An endpoint as it is seen from a network.</summary>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName, NetworkIdentifier? contextNetworkId = null)
        : this(owner, endpointName) => ContextNetworkID = contextNetworkId;

    /// <summary>The network from which it is looked at; null for that of whoever asks.</summary>
    public NetworkIdentifier? ContextNetworkID { get; }

    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>Name among the resource's endpoints.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>Whether the resource has such an endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether its address is known.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>The endpoint's description.</summary>
    /// <exception cref="InvalidOperationException">There is no endpoint of that name.</exception>
    public EndpointAnnotation EndpointAnnotation =>
        Find() ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    /// <summary>Port that clients use.</summary>
    public int Port => Allocated.Port;

    /// <summary>Host name.</summary>
    public string Host => Allocated.Address;

    /// <summary>Scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>Scheme, host and port.</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated =>
        EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    /// <summary>A part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() =>
        Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(
            endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A part of an endpoint's address.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>Which part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property.ToString().ToLowerInvariant()}}}";

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port.ToString(CultureInfo.InvariantCulture)}",
        EndpointProperty.Port or EndpointProperty.TargetPort => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{Property} is not a part of an address."),
    });
}
