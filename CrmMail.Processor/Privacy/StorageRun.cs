namespace CrmMail.Processor.Privacy;

/// <summary>A run that applies levels to what is stored, and how far it is.</summary>
/// <param name="Id">The run.</param>
/// <param name="OnlyAccount">The account that it is about; null for all of them.</param>
/// <param name="LastAccount">Accounts up to this one are done.</param>
/// <param name="Before">Of the account behind it, activities from this place on are done.</param>
internal sealed record StorageRun(Guid Id, string? OnlyAccount, string LastAccount, StoragePlace Before);

/// <summary>The place of an activity among those of its account.</summary>
internal readonly record struct StoragePlace(DateTime OccurredAt, long Id)
{
    /// <summary>Before it lies everything.</summary>
    public static readonly StoragePlace Newest = new(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), long.MaxValue);
}
