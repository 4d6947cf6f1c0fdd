namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known once the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that a published manifest can name.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The name, for example <c>{redis.bindings.tcp.port}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that is known at run time and can be named in a manifest.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value that is made of other values.</summary>
public interface IValueWithReferences
{
    /// <summary>The other values.</summary>
    IEnumerable<object> References { get; }
}
