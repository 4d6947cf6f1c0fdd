using CrmMail.Contracts;

namespace CrmMail.Api.Storage;

/// <summary>How much of mails is stored.</summary>
/// <param name="Level">What was asked for here; null where nothing was.</param>
/// <param name="EffectiveLevel">What holds: the strictest of what was asked for here and for all accounts.</param>
/// <param name="Run">The run that applies it to what is stored already; null where there is nothing to apply.</param>
internal sealed record StorageSetting(StorageLevel? Level, StorageLevel EffectiveLevel, StorageRun? Run = null);

/// <summary>How much of mails is to be stored.</summary>
/// <param name="Level">`metadata`, `subject`, `snippet` or `body`. For an account null lets that of all accounts hold.</param>
internal sealed record StorageRequest(StorageLevel? Level);
