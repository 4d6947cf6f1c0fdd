using System.Globalization;

namespace CrmMail.Api.Replays;

/// <summary>A time span as people write it: a number and one of s, m, h, d, w.</summary>
internal static class Since
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    public static bool TryParse(string? text, out TimeSpan span)
    {
        span = default;
        if (text is not { Length: > 1 and < 12 }
            || Unit(text[^1]) is not { } unit
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count == 0
            || count > Longest / unit)
        {
            return false;
        }

        span = count * unit;
        return true;
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
