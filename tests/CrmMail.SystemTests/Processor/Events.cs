namespace CrmMail.SystemTests.Processor;

/// <summary>Webhooks of a mailbox called amy.</summary>
internal static class Events
{
    public static string Mail(string subject, string from, string? messageId = null) => New(
        "Inbox", $$"""  "messageId":"<{{messageId ?? subject}}@x.example>","subject":"{{subject}}","from":{"name":"","address":"{{from}}"}  """);

    public static string New(string specialUse, string members) => Of("messageNew", $$"""  "id":"1","path":"{{specialUse}}","messageSpecialUse":"\\{{specialUse}}",{{members}}  """);

    public static string Of(string name, string members) => $$$"""{"account":"amy","date":"2026-06-01T12:00:00.000Z","event":"{{{name}}}","data":{{{{members}}}}}""";
}
