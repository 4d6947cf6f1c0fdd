namespace CrmMail.Api.Contacts;

/// <summary>What became of everything about a person.</summary>
/// <param name="Id">The erasure.</param>
/// <param name="ContactId">The contact that is no more.</param>
/// <param name="RequestedBy">The name of the API key.</param>
/// <param name="RequestedAt">When it was asked for. From then on nothing new is written of the person.</param>
/// <param name="CompletedAt">When everything was gone; null while that goes on.</param>
/// <param name="Removed">What went.</param>
/// <param name="Kept">What is still there, and until when.</param>
internal sealed record ErasureCertificate(
    Guid Id, Guid ContactId, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? CompletedAt, ErasedData? Removed, IReadOnlyList<KeptData> Kept);

/// <summary>What an erasure leaves where it is.</summary>
/// <param name="Store">A table, or a topic of Kafka.</param>
/// <param name="What">What is there.</param>
/// <param name="Duration">`for-ever`, `until`, or `unknown` where nobody has found out yet.</param>
/// <param name="Until">When it is gone at the latest; null for ever, or unknown.</param>
/// <param name="AsOf">When the retention of the topic was found, which may be changed; null where it is none.</param>
internal sealed record KeptData(string Store, string What, KeptFor Duration, DateTimeOffset? Until = null, DateTimeOffset? AsOf = null);
