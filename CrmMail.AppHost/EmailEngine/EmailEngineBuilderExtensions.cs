namespace CrmMail.AppHost.EmailEngine;

/// <summary>Adds EmailEngine to the application.</summary>
public static class EmailEngineBuilderExtensions
{
    private const string Image = "postalsys/emailengine";
    private const string Tag = "v2.79.2";
    private const int Port = 3000;

    /// <summary>Adds EmailEngine with an API token of its own.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource and of its connection string.</param>
    /// <param name="port">Port on the host; a free one when null.</param>
    /// <remarks>
    /// When the application runs, the token is derived from a generated secret. A published application takes
    /// <c>NAME-token</c> and <c>NAME-prepared-token</c> as parameters: <c>emailengine tokens issue</c> makes them.
    /// </remarks>
    public static IResourceBuilder<EmailEngineResource> AddEmailEngine(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null)
    {
        var encryptionSecret = builder.AddSecret($"{name}-encryption-secret");
        var (token, preparedToken) = builder.AddEmailEngineToken(name);

        return builder.AddResource(new EmailEngineResource(name, token))
            .WithImage(Image, Tag)
            .WithHttpEndpoint(port, targetPort: Port, name: EmailEngineResource.PrimaryEndpointName, env: "EENGINE_PORT")
            .WithEnvironment("EENGINE_HOST", "0.0.0.0")
            .WithEnvironment("EENGINE_SECRET", encryptionSecret)
            .WithEnvironment("EENGINE_PREPARED_TOKEN", preparedToken)
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Adds the Redis of EmailEngine's accounts and queues: nothing in it may be evicted, and clients outside .NET must reach it without TLS.</summary>
    public static IResourceBuilder<RedisResource> AddEmailEngineRedis(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
#pragma warning disable ASPIRECERTIFICATES001 // The development certificate is not trusted inside EmailEngine's container.
        var redis = builder.AddRedis(name).WithArgs("--maxmemory-policy", "noeviction").WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
        return builder.ExecutionContext.IsRunMode ? redis.WithDataVolume() : redis;
    }

    /// <summary>Keeps EmailEngine's accounts and queues in this Redis.</summary>
    public static IResourceBuilder<EmailEngineResource> WithRedis(this IResourceBuilder<EmailEngineResource> builder, IResourceBuilder<RedisResource> redis) =>
        builder.WithEnvironment("EENGINE_REDIS", redis.Resource.UriExpression);

    /// <summary>Sends every event of every account, signed, to a path of a service.</summary>
    /// <param name="builder">EmailEngine.</param>
    /// <param name="receiver">The service that takes the webhooks at its <c>http</c> endpoint.</param>
    /// <param name="path">Path of the receiver, with a leading slash.</param>
    /// <param name="serviceSecret">Key of the signature header <c>X-EE-Wh-Signature</c>: HMAC-SHA256 over the raw body.</param>
    public static IResourceBuilder<EmailEngineResource> WithWebhooks<T>(
        this IResourceBuilder<EmailEngineResource> builder,
        IResourceBuilder<T> receiver,
        string path,
        IResourceBuilder<ParameterResource> serviceSecret)
        where T : IResourceWithEndpoints =>
        builder.WithEnvironment("EENGINE_SETTINGS", EmailEngineSettings.Create(
            builder.PublicUrl(), ReferenceExpression.Create($"{receiver.GetEndpoint("http")}{path}"), serviceSecret.Resource));

    private static (ReferenceExpression Token, ReferenceExpression Prepared) AddEmailEngineToken(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            var token = builder.AddParameter($"{name}-token", secret: true);
            var prepared = builder.AddParameter($"{name}-prepared-token", secret: true);
            return (ReferenceExpression.Create($"{token}"), ReferenceExpression.Create($"{prepared}"));
        }

        var secret = builder.AddSecret($"{name}-token-secret").Resource;
        return (
            ReferenceExpression.Create($"{new DerivedToken(secret, EmailEngineToken.FromSecret)}"),
            ReferenceExpression.Create($"{new DerivedToken(secret, EmailEngineToken.Prepare)}"));
    }

    /// <summary>Where people's browsers reach EmailEngine: it puts this in front of the links to its authentication form.</summary>
    private static ReferenceExpression PublicUrl(this IResourceBuilder<EmailEngineResource> builder) =>
        builder.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? ReferenceExpression.Create($"{builder.ApplicationBuilder.AddParameter($"{builder.Resource.Name}-public-url")}")
            : ReferenceExpression.Create($"{new EndpointReference(builder.Resource, EmailEngineResource.PrimaryEndpointName, KnownNetworkIdentifiers.LocalhostNetwork)}");

    private static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
}
