using System.Text.Json;
using CrmMail.Api.Problems;

namespace CrmMail.Api.Contacts;

/// <summary>A line of an import: a contact, or what is wrong with it.</summary>
internal sealed record ImportLine(long Number, ContactDraft? Draft, FieldFaults? Faults)
{
    /// <summary>The field name of the line as a whole.</summary>
    public const string WholeLine = "$";

    public static ImportLine Read(long number, ReadOnlySpan<byte> json)
    {
        var faults = new FieldFaults();
        try
        {
            if (JsonSerializer.Deserialize<ContactRequest>(json, ApiJson.Options) is not { } request)
            {
                return Failed(number, WholeLine, "A contact is expected, not null.");
            }

            faults.AddIf(request.Addresses is not { Count: > 0 }, "addresses", "An import finds contacts by their addresses: give at least one.");
            return ContactDraft.TryRead(request, faults, out var draft) ? new ImportLine(number, draft, null) : new ImportLine(number, null, faults);
        }
        catch (JsonException exception)
        {
            var problem = ExceptionProblems.Of(exception);
            return problem.Faults is { } fields ? new ImportLine(number, null, fields) : Failed(number, WholeLine, "This is no JSON object.");
        }
    }

    public static ImportLine Failed(long number, string field, string fault) => new(number, null, new FieldFaults().Add(field, fault));
}
