namespace CrmMail.Cli.Tests.Running;

/// <summary>What the Api answers.</summary>
internal static class Samples
{
    public const string RunId = "0198d5a5-7c00-7000-8000-0242ac120003";

    public const string Letter = """
        {"id":17,"state":"open","reason":"schema","detail":"\"data\" is missing or no object.","fingerprint":"5f1c9a0b7d3e2468","account":"amy","source":"emailengine",
        "event":"messageNew","eventId":"6f1b","correlationId":"0d3c","topic":"mail.events","partition":3,"offset":4711,"deadLetterPartition":3,"deadLetterOffset":12,"attempt":1,
        "requeues":0,"firstFailedAt":"2026-11-26T09:00:00+00:00","failedAt":"2026-11-26T09:00:00+00:00"}
        """;

    public const string Plan = """{"execute":false,"matches":12,"requeueable":11,"withheld":1,"byReason":[{"reason":"schema","count":12}]}""";

    public const string Nothing = """{"items":[],"next":null}""";

    public static string Letters(string? next = null) => $$"""{"items":[{{Letter}}],"next":{{(next is null ? "null" : $"\"{next}\"")}}}""";

    public static string DeadLetterRun(string state, long done = 0, long total = 12, long failed = 0, string? error = null) => $$"""
        {"id":"{{RunId}}","action":"requeue","state":"{{state}}","request":{"all":true},"requestedBy":"operator","requestedAt":"2026-11-26T09:00:00+00:00","startedAt":null,"endedAt":null,
        "error":{{(error is null ? "null" : $"\"{error}\"")}},"total":{{total}},"done":{{done}},"failed":{{failed}} }
        """;

    public static string Accepted => $$"""{"execute":true,"run":{{DeadLetterRun("queued")}} }""";

    public static string Replay(string state, long done = 0, string mode = "verify") => $$"""
        {"id":"{{RunId}}","mode":"{{mode}}","state":"{{state}}","request":{"range":{"since":"1h"} },"requestedBy":"operator","requestedAt":"2026-11-26T09:00:00+00:00","startedAt":null,
        "endedAt":null,"error":null,"totalRecords":12000,"doneRecords":{{done}},"recordsPerSecond":3500,"trimmedRecords":0,
        "counts":{"added":12,"changed":1,"moved":0,"removed":0,"unchanged":1388,"skipped":5599,"deadLetters":0},
        "partitions":[{"partition":3,"from":4711,"to":16711,"next":11711,"pass":"draft","state":"running"}]}
        """;

    public static string Reconciliation(string state, string account = "amy", bool isDryRun = true) => $$"""
        {"id":"{{RunId}}","account":"{{account}}","state":"{{state}}","cause":"demand","isDryRun":{{(isDryRun ? "true" : "false")}},"since":"2026-11-26T08:00:00+00:00","requestedBy":"operator",
        "requestedAt":"2026-11-26T09:00:00+00:00","startedAt":null,"endedAt":null,"error":null,"folders":4,"foldersDone":4,"seen":120,"missing":3,"fed":{{(isDryRun ? 0 : 3)}} }
        """;
}
