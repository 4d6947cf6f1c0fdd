namespace EmailEngineSimulator.Messages;

/// <summary>EmailEngine's guess whether a mail was sent by a machine. It sees only the headers that were asked for.</summary>
internal static class AutoReply
{
    private static readonly string[] Subjects = ["auto:", "automatic reply", "autoreply", "auto-reply", "out of office", "out of the office"];

    public static bool IsLikely(string? subject, IEnumerable<MailHeader> headers) =>
        (subject is not null && Subjects.Any(start => subject.StartsWith(start, StringComparison.OrdinalIgnoreCase))) || headers.Any(IsSign);

    private static bool IsSign(MailHeader header) => header.Name.ToLowerInvariant() switch
    {
        "auto-submitted" => header.Value.Contains("auto-replied", StringComparison.OrdinalIgnoreCase),
        "precedence" => header.Value.Contains("auto_reply", StringComparison.OrdinalIgnoreCase),
        "x-auto-response-suppress" => true,
        _ => false,
    };
}
