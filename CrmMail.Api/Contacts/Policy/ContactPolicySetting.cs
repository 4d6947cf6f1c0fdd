using CrmMail.Contracts;

namespace CrmMail.Api.Contacts;

/// <summary>Of whom a contact is made without anybody entering it.</summary>
/// <param name="Policy">`none`, `sent` or `sent-and-received`.</param>
internal sealed record ContactPolicySetting(ContactPolicy Policy);

/// <summary>Of whom a contact is to be made.</summary>
/// <param name="Policy">`none`, `sent` (to whom one of us wrote) or `sent-and-received` (also who wrote to us).</param>
internal sealed record ContactPolicyRequest(ContactPolicy? Policy);
