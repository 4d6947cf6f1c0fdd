using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds values that come from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter that has to be set: <c>Parameters:NAME</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false) =>
        builder.AddResource(CreateParameter(builder, name, value: null, secret, persist: false));

    /// <summary>Adds a parameter with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name; its configuration key is <c>Parameters:NAME</c>.</param>
    /// <param name="value">Makes the value when none is set.</param>
    /// <param name="secret">Whether it must not be shown.</param>
    /// <param name="persist">Whether a made value is kept for the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false) =>
        builder.AddResource(CreateParameter(builder, name, value, secret, persist));

    /// <summary>Adds a parameter with a value for when none is set.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name; its configuration key is <c>Parameters:NAME</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether a published application has it too. Local mode publishes nothing.</param>
    /// <param name="secret">Whether it must not be shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false) =>
        builder.AddResource(CreateParameter(builder, name, new Constant(value), secret, persist: false));

    /// <summary>Adds a connection to something that runs elsewhere: <c>ConnectionStrings:NAME</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string? environmentVariableName = null) =>
        builder.AddResource(new ExternalConnection(name, builder.Configuration));

    /// <summary>A generated password that is kept for the next run. It is not a resource of the application by itself.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0) =>
        CreateParameter(
            builder,
            name,
            new GenerateParameterDefault { MinLength = 22, Lower = lower, Upper = upper, Numeric = numeric, Special = special },
            secret: true,
            persist: true);

    private static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, string name, ParameterDefault? value, bool secret, bool persist)
    {
        var key = $"Parameters:{name}";
        var kept = persist ? ((DistributedApplicationBuilder)builder).State.Secrets : null;
        return new ParameterResource(
            name,
            fallback => builder.Configuration[key]
                ?? kept?.Find(key)
                ?? Made(fallback, key, kept)
                ?? throw new DistributedApplicationException($"Parameter '{name}' has no value: set {key} or the environment variable {key.Replace(":", "__", StringComparison.Ordinal)}."),
            secret)
        {
            Default = value,
        };
    }

    private static string? Made(ParameterDefault? fallback, string key, Local.SecretStore? kept)
    {
        var value = fallback?.GetDefaultValue();
        if (value is not null)
        {
            kept?.Keep(key, value);
        }

        return value;
    }

    private sealed class Constant(string value) : ParameterDefault
    {
        public override string GetDefaultValue() => value;
    }

    private sealed class ExternalConnection : Resource, IResourceWithConnectionString
    {
        private readonly ConfiguredConnection _value;

        public ExternalConnection(string name, IConfiguration configuration)
            : base(name) => _value = new(name, configuration);

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{_value}");
    }

    private sealed class ConfiguredConnection(string name, IConfiguration configuration) : IExpressionValue
    {
        public string ValueExpression => $"{{{name}.value}}";

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            configuration.GetConnectionString(name) is { } value
                ? new(value)
                : throw new DistributedApplicationException($"Connection string '{name}' is not set: set ConnectionStrings:{name}.");
    }
}
