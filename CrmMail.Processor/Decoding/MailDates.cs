using System.Globalization;

namespace CrmMail.Processor.Decoding;

/// <summary>Dates as mails carry them: often wrong, sometimes absurd. All results are UTC, in whole microseconds, as PostgreSQL keeps them.</summary>
internal static class MailDates
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);
    private static readonly DateTime Earliest = new(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// The date that the mail or the event claims, unless it is missing, unreadable, before 1990 or more than a day after it was
    /// received: then the time of receipt.
    /// </summary>
    public static DateTime OrReceived(string? claimed, DateTimeOffset receivedAt)
    {
        var received = Whole(receivedAt.UtcDateTime);
        return TryParse(claimed, out var date) && date >= Earliest && date - Tolerance <= received ? date : received;
    }

    /// <summary>The time without what is finer than a microsecond: what is compared with a stored time must not be later by a tick.</summary>
    public static DateTime Whole(DateTime utc) => new(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    private static bool TryParse(string? text, out DateTime date)
    {
        const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var parsed = DateTime.TryParse(Plain(text), CultureInfo.InvariantCulture, Styles, out date);
        date = Whole(DateTime.SpecifyKind(date, DateTimeKind.Utc));
        return parsed;
    }

    /// <summary>Without the comment behind an RFC 5322 date (<c>+0200 (EET)</c>), and without the weekday, which is wrong at times.</summary>
    private static ReadOnlySpan<char> Plain(string? text)
    {
        var date = text.AsSpan();
        var comment = date.IndexOf('(');
        date = comment < 0 ? date : date[..comment];
        var weekday = date.IndexOf(',');
        return weekday is > 0 and < 10 ? date[(weekday + 1)..] : date;
    }
}
