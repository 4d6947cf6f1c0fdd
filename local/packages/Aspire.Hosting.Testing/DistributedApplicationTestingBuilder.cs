namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's entry point up to the point where it builds its application.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <inheritdoc cref="CreateAsync{TEntryPoint}(string[], CancellationToken)" />
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs the entry point of the AppHost that a class of namespace <c>Projects</c> stands for.</summary>
    /// <typeparam name="TEntryPoint">For example <c>Projects.CrmMail_AppHost</c>.</typeparam>
    /// <param name="args">Arguments of the AppHost.</param>
    /// <param name="cancellationToken">Stops the wait for the entry point.</param>
    /// <remarks>As with Aspire: no dashboard, random ports, data of its own that is gone in the end.</remarks>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var project = Activator.CreateInstance<TEntryPoint>() as IProjectMetadata
            ?? throw new ArgumentException($"{typeof(TEntryPoint)} is not a class of namespace Projects.", nameof(TEntryPoint));
        var run = new EntryPointRun(typeof(TEntryPoint).Assembly, Path.GetDirectoryName(project.ProjectPath)!, args);
        return new TestingBuilder(run, await run.BuilderReady.WaitAsync(cancellationToken).ConfigureAwait(false));
    }
}
