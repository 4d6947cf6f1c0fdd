using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Api.Operations;

/// <summary>Something that an operator asked for.</summary>
/// <param name="Id">The entry; later ones are larger.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Actor">The name of the API key, or `system`.</param>
/// <param name="Action">What was asked for.</param>
/// <param name="Request">The request as it was understood.</param>
/// <param name="RunId">The run that does it; null where the request was all.</param>
/// <param name="Result">What came of it; null while the run goes on.</param>
internal sealed record AuditEntry(long Id, DateTimeOffset At, string Actor, OperationAction Action, JsonElement Request, Guid? RunId, JsonElement? Result);
