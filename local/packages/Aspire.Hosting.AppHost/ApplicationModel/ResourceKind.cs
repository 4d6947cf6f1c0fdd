namespace Aspire.Hosting.ApplicationModel;

/// <summary>The kind of a resource, as it is shown to people.</summary>
internal static class ResourceKind
{
    public static string Of(IResource resource) => resource switch
    {
        ProjectResource => "project",
        ParameterResource => "parameter",
        IResourceWithParent => "database",
        _ => resource.GetType().Name switch
        {
            "PostgresServerResource" => "postgres",
            "RedisResource" => "redis",
            "KafkaServerResource" => "kafka",
            _ => "container",
        },
    };
}
