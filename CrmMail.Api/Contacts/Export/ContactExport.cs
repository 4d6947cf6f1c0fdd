using System.Text.Json;

namespace CrmMail.Api.Contacts;

/// <summary>Everything that is stored about a person.</summary>
/// <param name="ExportedAt">The moment of which all of it is.</param>
/// <param name="Contact">The contact.</param>
/// <param name="MergedContacts">What other contacts were that were merged into it; it takes that to undo it.</param>
/// <param name="Deals">The deals that it takes part in.</param>
/// <param name="Activities">The mails that it took part in, or that name it, oldest first; once for every account that has them.</param>
/// <param name="Bodies">The texts of the mails that it took part in, where they are stored.</param>
/// <param name="DeliveryReports">What is known of the delivery of these mails.</param>
/// <param name="SkippedEvents">Events of these mails that made no activity of their own, of the last 30 days.</param>
/// <param name="OutboundMessages">Requests to send mail to the person.</param>
internal sealed record ContactExport(
    DateTimeOffset ExportedAt,
    Contact Contact,
    IReadOnlyList<JsonElement> MergedContacts,
    IReadOnlyList<JsonElement> Deals,
    IReadOnlyList<JsonElement> Activities,
    IReadOnlyList<ExportedBody> Bodies,
    IReadOnlyList<JsonElement> DeliveryReports,
    IReadOnlyList<JsonElement> SkippedEvents,
    IReadOnlyList<JsonElement> OutboundMessages);

/// <summary>What a mail says.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="Text">The plain text; null when there is none.</param>
/// <param name="Html">The HTML; null when there is none.</param>
/// <param name="Truncated">Whether the mail says more than is stored.</param>
internal sealed record ExportedBody(long ActivityId, string? Text, string? Html, bool Truncated);
