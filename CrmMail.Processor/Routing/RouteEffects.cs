namespace CrmMail.Processor.Routing;

/// <summary>What routing did besides.</summary>
/// <param name="Refused">Addresses of deals that were not believed, of mails whose activity was made now.</param>
/// <param name="Followers">Activities of other mails that followed their conversation to another deal.</param>
internal readonly record struct RouteEffects(RefusedAddresses Refused, IReadOnlyList<long> Followers)
{
    public static RouteEffects None => new(default, []);
}
