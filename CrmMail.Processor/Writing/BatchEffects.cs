using CrmMail.Processor.Routing;

namespace CrmMail.Processor.Writing;

/// <summary>What a batch that was written left out.</summary>
/// <param name="LinksLeftOut">Links to contacts, because a mail has more of them than are linked.</param>
/// <param name="RefusedAddresses">Addresses of deals that were not believed.</param>
internal readonly record struct BatchEffects(int LinksLeftOut, RefusedAddresses RefusedAddresses);
