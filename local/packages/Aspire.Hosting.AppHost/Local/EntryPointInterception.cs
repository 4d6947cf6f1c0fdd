namespace Aspire.Hosting.Local;

/// <summary>Lets Aspire.Hosting.Testing run an AppHost's own entry point, change what it put together, and keep the application that it builds.</summary>
internal abstract class EntryPointInterception
{
    private static readonly AsyncLocal<EntryPointInterception?> InThisFlow = new();

    public static EntryPointInterception? Current
    {
        get => InThisFlow.Value;
        set => InThisFlow.Value = value;
    }

    /// <summary>Called before the builder is made.</summary>
    public abstract void Configure(DistributedApplicationOptions options);

    /// <summary>Called in place of <see cref="DistributedApplicationBuilder.Build" />.</summary>
    public abstract DistributedApplication Build(DistributedApplicationBuilder builder);
}
