using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.Audit;

/// <summary>Something that an operator asked for.</summary>
internal sealed record AuditEntry(long Id, DateTimeOffset At, string Actor, string Action, JsonElement? Request, Guid? RunId, JsonElement? Result);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<AuditEntry>))]
internal sealed partial class AuditJson : JsonSerializerContext;
