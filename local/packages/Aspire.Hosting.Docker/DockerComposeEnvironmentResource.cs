using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Docker;

/// <summary>A Docker Compose file to publish to.</summary>
/// <param name="name">Unique name.</param>
public class DockerComposeEnvironmentResource(string name) : Resource(name);
