using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>An environment variable of a process.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="IsSecret">Whether a secret is a part of the value.</param>
internal sealed record ResolvedVariable(string Name, string Value, bool IsSecret);

/// <summary>Works out the environment variables of a resource.</summary>
internal static class ResourceEnvironment
{
    public static async Task<IReadOnlyList<ResolvedVariable>> ResolveAsync(
        IResource resource,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken);
        if (resource is ProjectResource)
        {
            context.EnvironmentVariables["OTEL_SERVICE_NAME"] = resource.Name;
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var resolved = new List<ResolvedVariable>();
        foreach (var (name, value) in context.EnvironmentVariables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            var text = value is IValueProvider provider
                ? await provider.GetValueAsync(cancellationToken).ConfigureAwait(false)
                : value.ToString();
            resolved.Add(new(name, text ?? "", HoldsSecret(value)));
        }

        return resolved;
    }

    private static bool HoldsSecret(object value) => value switch
    {
        ParameterResource parameter => parameter.Secret,
        // An address refers to its resource, whose own secrets are no part of it.
        EndpointReference or EndpointReferenceExpression => false,
        IValueWithReferences made => made.References.Any(HoldsSecret),
        _ => false,
    };
}
