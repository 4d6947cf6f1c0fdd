using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Postgres;

/// <summary>pgweb, a PostgreSQL client in the browser.</summary>
/// <param name="name">Unique name.</param>
public sealed class PgWebContainerResource(string name) : ContainerResource(name);
