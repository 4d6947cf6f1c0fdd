using System.Text.Json;

namespace CrmMail.Api.Timelines;

/// <summary>Somebody whom a mail names.</summary>
/// <param name="Name">The name as the mail shows it; may be empty.</param>
/// <param name="Address">The address as the mail shows it; may be empty, and need not be one.</param>
internal sealed record Mailbox(string Name, string Address);

/// <summary>Everybody whom a mail names, by header.</summary>
internal sealed record Participants
{
    private const int MaxShown = 20;

    /// <summary>Who wrote it.</summary>
    public IReadOnlyList<Mailbox> From { get; init; } = [];

    /// <summary>To whom it went.</summary>
    public IReadOnlyList<Mailbox> To { get; init; } = [];

    /// <summary>Who got a copy.</summary>
    public IReadOnlyList<Mailbox> Cc { get; init; } = [];

    /// <summary>Who got a copy that only the sender knows of.</summary>
    public IReadOnlyList<Mailbox> Bcc { get; init; } = [];

    /// <summary>Where answers go.</summary>
    public IReadOnlyList<Mailbox> ReplyTo { get; init; } = [];

    /// <summary>Reads the column <c>participants</c>.</summary>
    public static Participants Parse(string json) => JsonSerializer.Deserialize<Participants>(json, JsonSerializerOptions.Web)!;

    public int Count() => From.Count + To.Count + Cc.Count + Bcc.Count + ReplyTo.Count;

    /// <summary>The first 20 of every header: a page of mails to ten thousand people each would be no page.</summary>
    public Participants Shortened() => new() { From = First(From), To = First(To), Cc = First(Cc), Bcc = First(Bcc), ReplyTo = First(ReplyTo) };

    private static IReadOnlyList<Mailbox> First(IReadOnlyList<Mailbox> mailboxes) => mailboxes.Count <= MaxShown ? mailboxes : [.. mailboxes.Take(MaxShown)];
}
