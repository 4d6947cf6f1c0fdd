using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.DeadLetters;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<DeadLetter>))]
[JsonSerializable(typeof(Page<DeadLetterCause>))]
[JsonSerializable(typeof(Page<DeadLetterRun>))]
[JsonSerializable(typeof(OpenedDeadLetter))]
[JsonSerializable(typeof(DeadLetterOrder))]
[JsonSerializable(typeof(DeadLetterPlan))]
[JsonSerializable(typeof(AcceptedDeadLetterOrder))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
