using System.ComponentModel.DataAnnotations;

namespace CrmMail.Migrator;

/// <summary>The section <c>ConnectionStrings</c>.</summary>
internal sealed class ServerOptions
{
    /// <summary>PostgreSQL.</summary>
    [Required(ErrorMessage = "ConnectionStrings:crm is missing. Set it to the PostgreSQL database, for instance Host=localhost;Database=crm;Username=postgres")]
    public string Crm { get; set; } = "";

    /// <summary>The bootstrap servers of Kafka.</summary>
    [Required(ErrorMessage = "ConnectionStrings:kafka is missing. Set it to the bootstrap servers of Kafka, for instance localhost:9092")]
    public string Kafka { get; set; } = "";
}
