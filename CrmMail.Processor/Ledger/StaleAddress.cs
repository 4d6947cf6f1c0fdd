namespace CrmMail.Processor.Ledger;

/// <summary>An address of the ledger that leads to somebody else than when its mails were written.</summary>
/// <param name="Address">The address.</param>
/// <param name="Before">To whom it led.</param>
/// <param name="Now">To whom it leads.</param>
internal readonly record struct StaleAddress(string Address, Guid? Before, Guid? Now);
