namespace CrmMail.Migrator;

/// <summary>The section <c>Migrator</c>.</summary>
internal sealed class PatienceOptions
{
    /// <summary>How long each server may take to come up.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
