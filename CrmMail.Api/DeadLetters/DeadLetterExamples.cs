using CrmMail.Contracts;

namespace CrmMail.Api.DeadLetters;

/// <summary>What the OpenAPI document shows.</summary>
internal static class DeadLetterExamples
{
    private static readonly DateTimeOffset Time = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    public static readonly DeadLetter Letter = new(
        17, DeadLetterState.Open, "schema", "\"data\" is missing or no object.", "5f1c9a0b7d3e2468", "amy", "emailengine", "messageNew",
        "6f1b0d0e-5d0b-4a3c-9a55-0a6f6b1c7e11", "0d3c6f1e5a7b4c2d9e8f7a6b5c4d3e2f", MailTopics.Events, 3, 4711, 3, 12, 1, 0, Time, Time);

    public static readonly OpenedDeadLetter Opened = new(
        Letter,
        new DeadLetterContent(
            new Dictionary<string, string?> { [MailHeaders.Event] = "messageNew", [DeadLetterHeaders.Reason] = "schema" },
            "amy",
            40,
            """{"account":"amy","event":"messageNew"}""",
            null))
    { Audit = [] };

    public static readonly DeadLetterCause Cause = new(Letter.Fingerprint, Letter.Reason, Letter.Detail, 12, 3, 0, 4, Time, Time.AddHours(1));

    public static readonly DeadLetterOrder Order = new()
    {
        Filter = new DeadLetterFilter { Fingerprint = Letter.Fingerprint },
        RatePerSecond = DeadLetterRules.DefaultRate,
        Note = "the rule was fixed",
        Execute = true,
    };

    public static readonly DeadLetterPlan Plan = new(false, 12, 11, 1, [new ReasonCount("schema", 12)]);

    public static readonly DeadLetterRun Run = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120003"), DeadLetterAction.Requeue, RunState.Running, Order.ToRequest(), "operator", Time, Time.AddSeconds(1), null, 11, 4, 0, null);
}
