namespace Aspire.Npgsql;

/// <summary>How a service connects to PostgreSQL: sections <c>Aspire:Npgsql</c> and <c>Aspire:Npgsql:NAME</c>, then <c>ConnectionStrings:NAME</c>.</summary>
public class NpgsqlSettings
{
    /// <summary>The connection string of the database, in Npgsql's form.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the health check. The default is <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves out the spans of Npgsql. The default is <see langword="false"/>.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Leaves out the metrics of Npgsql. The default is <see langword="false"/>.</summary>
    public bool DisableMetrics { get; set; }
}
