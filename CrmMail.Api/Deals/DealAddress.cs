namespace CrmMail.Api.Deals;

/// <summary>A routing address.</summary>
/// <param name="Address">Mail that goes there, also in copy, belongs to the deal. It is good as long as the secret that signed it is active.</param>
internal sealed record DealAddress(string Address);
