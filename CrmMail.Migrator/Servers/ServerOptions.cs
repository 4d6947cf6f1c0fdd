namespace CrmMail.Migrator;

/// <summary>The section <c>ConnectionStrings</c>.</summary>
internal sealed class ServerOptions
{
    /// <summary>PostgreSQL.</summary>
    public string? Crm { get; set; }

    /// <summary>The bootstrap servers of Kafka.</summary>
    public string? Kafka { get; set; }
}
