using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Companies;

/// <summary>A domain of a company, and the field of the request in which it stands.</summary>
internal readonly record struct CompanyDomain(string Value, string Field);

/// <summary>A company, or a change of one, that is well-formed: null is what the request leaves out.</summary>
/// <param name="Name">In NFC, without blanks around it.</param>
/// <param name="Domains">Normalised, each once, in the order of the request.</param>
/// <param name="Slug">Lower case; empty for none.</param>
internal sealed partial record CompanyDraft(string? Name, IReadOnlyList<CompanyDomain>? Domains, string? Slug)
{
    public const int MaxDomains = 100;

    /// <summary>Reads a request; false, and what is wrong with which field.</summary>
    public static bool TryRead(CompanyRequest request, FieldFaults faults, [NotNullWhen(true)] out CompanyDraft? draft)
    {
        var name = request.Name is null ? null : GivenName.Read("name", request.Name, faults);
        var domains = request.Domains is null ? null : ReadDomains(request.Domains, faults);
        var slug = request.Slug?.Trim().ToLowerInvariant();
        faults.AddIf(slug is { Length: > 0 } && !Slugs().IsMatch(slug), "slug", "A slug is 1 to 63 of a to z, 0 to 9 and inner hyphens, and does not begin with deal-.");
        draft = faults.Any ? null : new CompanyDraft(name, domains, slug);
        return draft is not null;
    }

    private static List<CompanyDomain> ReadDomains(IReadOnlyList<string?> texts, FieldFaults faults)
    {
        var domains = new List<CompanyDomain>(texts.Count);
        if (texts.Count > MaxDomains)
        {
            faults.Add("domains", $"A company has at most {MaxDomains} domains.");
            return domains;
        }

        for (var at = 0; at < texts.Count; at++)
        {
            var field = $"domains[{at}]";
            var isDomain = MailDomain.TryParse(texts[at], out var parsed);
            var domain = parsed ?? "";
            faults.AddIf(!isDomain, field, "This is no domain.");
            faults.AddIf(FreeMail.Includes(domain), field, "Anybody can have an address at this domain of free mail, so it belongs to no company.");
            if (!domains.Exists(known => known.Value == domain))
            {
                domains.Add(new CompanyDomain(domain, field));
            }
        }

        return domains;
    }

    [GeneratedRegex(@"^(?!deal-)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Slugs();
}
