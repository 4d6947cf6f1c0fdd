using System.Diagnostics.CodeAnalysis;
using CrmMail.Api.Problems;

namespace CrmMail.Api.Deals;

/// <summary>What a request says of a deal, well-formed; null is what it leaves out.</summary>
internal sealed record DealDraft(string? Name, Guid? CompanyId, Guid[]? Contacts, string? Stage, string? Owner)
{
    public const int MaxContacts = 100;
    private const int MaxStageLength = 100;
    private const int MaxOwnerLength = 200;

    /// <summary>Reads a new deal; false, and what is wrong with which field.</summary>
    public static bool TryRead(DealRequest request, DateTimeOffset now, FieldFaults faults, [NotNullWhen(true)] out DealDraft? draft)
    {
        faults.AddIf(request.OpenedAt > now, "openedAt", "A deal is not opened in the future.");
        return TryRead(new DealChange(request.Name ?? "", request.CompanyId, request.Contacts ?? [], request.Stage ?? "", request.Owner ?? ""), faults, out draft);
    }

    /// <summary>Reads a change; false, and what is wrong with which field.</summary>
    public static bool TryRead(DealChange change, FieldFaults faults, [NotNullWhen(true)] out DealDraft? draft)
    {
        var name = change.Name is null ? null : GivenName.Read("name", change.Name, faults);
        var stage = change.Stage is null ? null : GivenName.ReadText("stage", change.Stage, MaxStageLength, faults);
        var owner = change.Owner is null ? null : GivenName.ReadText("owner", change.Owner, MaxOwnerLength, faults);
        faults.AddIf(change.Contacts?.Count > MaxContacts, "contacts", $"A deal has at most {MaxContacts} contacts.");
        draft = faults.Any ? null : new DealDraft(name, change.CompanyId, change.Contacts?.Distinct().Order().ToArray(), stage, owner);
        return draft is not null;
    }
}
