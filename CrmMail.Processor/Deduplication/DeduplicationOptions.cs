using System.ComponentModel.DataAnnotations;

namespace CrmMail.Processor.Deduplication;

/// <summary>What Redis remembers of events: the section <c>Deduplication</c>.</summary>
internal sealed class DeduplicationOptions
{
    public const string Section = "Deduplication";

    /// <summary>Part of every key. Another one forgets everything at once: needed after PostgreSQL was restored to an earlier point.</summary>
    [Required]
    public string Namespace { get; set; } = "v1";

    /// <summary>How long a claim lasts. Its end is harmless: the event is written once more, and the database knows it.</summary>
    public TimeSpan PendingFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a written event is remembered. Longer than a sender tries again, and than the Processor may lag.</summary>
    public TimeSpan DoneFor { get; set; } = TimeSpan.FromDays(7);
}
