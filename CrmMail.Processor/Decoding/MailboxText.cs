namespace CrmMail.Processor.Decoding;

/// <summary>The address in the text of a header that nobody has parsed, such as <c>X-Original-From: "Doe, Ann" &lt;ann@example.org&gt;</c>.</summary>
internal static class MailboxText
{
    /// <summary>
    /// What the last pair of angle brackets holds, else the whole text. A name is never searched: anybody can write an address into
    /// the name that is shown.
    /// </summary>
    public static string? AddressIn(string? text)
    {
        var trimmed = text.AsSpan().Trim();
        var close = trimmed.LastIndexOf('>');
        var open = close < 0 ? -1 : trimmed[..close].LastIndexOf('<');
        return open < 0 ? text : trimmed[(open + 1)..close].Trim().ToString();
    }
}
