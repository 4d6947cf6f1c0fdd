namespace CrmMail.Api.Bodies;

/// <summary>How bodies are kept.</summary>
/// <param name="RetentionDays">How long, from the date of their mail on.</param>
/// <param name="MaxLength">The longest text and the longest HTML of a mail, in UTF-16 characters.</param>
/// <param name="MasterKeys">The master keys: those of the configuration, and others that were used.</param>
internal sealed record BodySettings(int RetentionDays, int MaxLength, IReadOnlyList<MasterKeyUse> MasterKeys);

/// <summary>A master key, and what depends on it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Configured">Whether the configuration of this Api has it.</param>
/// <param name="Current">Whether it is the one that encrypts. The Processor brings all data keys to it.</param>
/// <param name="DataKeys">How many data keys are encrypted with it. With none left, and not being the current one, it can be removed.</param>
internal sealed record MasterKeyUse(string Id, bool Configured, bool Current, long DataKeys);
