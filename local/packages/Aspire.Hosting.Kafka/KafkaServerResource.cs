using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A Kafka broker.</summary>
public class KafkaServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Describes a broker.</summary>
    /// <param name="name">Unique name.</param>
    public KafkaServerResource(string name)
        : base(name) => PrimaryEndpoint = new(this, PrimaryEndpointName);

    /// <summary>Where clients on this machine reach it.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
}

/// <summary>Kafka UI.</summary>
/// <param name="name">Unique name.</param>
public sealed class KafkaUIContainerResource(string name) : ContainerResource(name);
