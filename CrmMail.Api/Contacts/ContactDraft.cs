using System.Diagnostics.CodeAnalysis;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Contacts;

/// <summary>An address of a contact, and the field of the request in which it stands.</summary>
internal readonly record struct ContactAddress(string Value, string Field);

/// <summary>A contact that is well-formed; whether it fits what is stored, <see cref="ContactRules"/> tells.</summary>
/// <param name="Name">In NFC, without blanks around it; may be empty.</param>
/// <param name="Addresses">Normalised, each once, in the order of the request.</param>
/// <param name="CompanyId">The company it belongs to.</param>
internal sealed record ContactDraft(string Name, IReadOnlyList<ContactAddress> Addresses, Guid? CompanyId)
{
    public const int MaxNameLength = 500;
    public const int MaxAddresses = 100;

    /// <summary>What to answer where a contact would get more addresses than <see cref="MaxAddresses"/> by what happens to it.</summary>
    public static Problem TooManyAddresses() => new(ProblemKind.TooManyAddresses, $"A contact has at most {MaxAddresses} addresses: remove some first.");

    /// <summary>Reads a request; false, and what is wrong with which field.</summary>
    public static bool TryRead(ContactRequest request, FieldFaults faults, [NotNullWhen(true)] out ContactDraft? draft)
    {
        var name = ReadName(request.Name, faults);
        var addresses = ReadAddresses(request.Addresses ?? [], faults);
        faults.AddIf(!faults.Any && name.Length == 0 && addresses.Count == 0, "name", "A contact needs a name or an address.");
        draft = faults.Any ? null : new ContactDraft(name, addresses, request.CompanyId);
        return draft is not null;
    }

    private static string ReadName(string? text, FieldFaults faults)
    {
        var name = text?.Trim() ?? "";
        if (name.Any(char.IsControl))
        {
            faults.Add("name", "A name holds no control characters.");
            return "";
        }

        var normalized = name.Normalize();
        faults.AddIf(normalized.Length > MaxNameLength, "name", $"A name has at most {MaxNameLength} characters.");
        return normalized;
    }

    private static List<ContactAddress> ReadAddresses(IReadOnlyList<string?> texts, FieldFaults faults)
    {
        var addresses = new List<ContactAddress>(texts.Count);
        if (texts.Count > MaxAddresses)
        {
            faults.Add("addresses", $"A contact has at most {MaxAddresses} addresses.");
            return addresses;
        }

        for (var at = 0; at < texts.Count; at++)
        {
            var field = $"addresses[{at}]";
            if (!MailAddress.IsValid(texts[at]))
            {
                faults.Add(field, "This is no mail address.");
                continue;
            }

            var address = EmailAddress.Parse(texts[at]!).Value;
            if (!addresses.Exists(known => known.Value == address))
            {
                addresses.Add(new ContactAddress(address, field));
            }
        }

        return addresses;
    }
}
