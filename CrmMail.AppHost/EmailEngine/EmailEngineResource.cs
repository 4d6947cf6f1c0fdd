namespace CrmMail.AppHost.EmailEngine;

/// <summary>EmailEngine, the self-hosted mail API that turns mailboxes into webhooks and REST calls.</summary>
/// <remarks>The connection string is <c>Endpoint=http://host:port;Token=64 hex digits</c>; the token is a bearer token of its API.</remarks>
public sealed class EmailEngineResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "http";

    internal EmailEngineResource(string name, ReferenceExpression token)
        : base(name)
    {
        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
        Token = token;
    }

    /// <summary>The API, the hosted authentication form and EmailEngine's own pages.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>Bearer token of the API: 64 hex digits.</summary>
    public ReferenceExpression Token { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Endpoint={PrimaryEndpoint.Property(EndpointProperty.Url)};Token={Token}");
}
