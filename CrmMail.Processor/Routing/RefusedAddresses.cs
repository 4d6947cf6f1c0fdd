using CrmMail.Contracts;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Routing;

/// <summary>Addresses of deals and companies that were not believed.</summary>
/// <param name="Forged">Those with a tag that is not the deal's.</param>
/// <param name="Untagged">Those without a tag, where that is not allowed.</param>
/// <param name="Unverified">Those of mails that were not verified.</param>
internal readonly record struct RefusedAddresses(int Forged, int Untagged, int Unverified)
{
    /// <summary>Those of mails whose activity is made now: what comes again is not counted again.</summary>
    public static RefusedAddresses Of(List<RoutedMail> mails, MailBook book)
    {
        var (forged, untagged, unverified) = (0, 0, 0);
        foreach (var mail in mails)
        {
            if (book.StoredMail(mail.ActivityId) is not { IsNew: true })
            {
                continue;
            }

            foreach (var address in mail.Addresses)
            {
                forged += address.Kind == RoutingAddressKind.Forged ? 1 : 0;
                untagged += address.Kind == RoutingAddressKind.Untagged ? 1 : 0;
                unverified += address.Kind == RoutingAddressKind.Unverified ? 1 : 0;
            }
        }

        return new RefusedAddresses(forged, untagged, unverified);
    }
}
