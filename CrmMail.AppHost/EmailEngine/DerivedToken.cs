namespace CrmMail.AppHost.EmailEngine;

/// <summary>A value computed from a secret parameter when the application runs. It has no form in a published file.</summary>
internal sealed class DerivedToken(ParameterResource secret, Func<string, string> derive) : IExpressionValue, IValueWithReferences
{
    public string ValueExpression => secret.ValueExpression;

    public IEnumerable<object> References => [secret];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        await secret.GetValueAsync(cancellationToken) is { } value ? derive(value) : null;
}
