using System.Globalization;

namespace CrmMail.Api.Attachments;

/// <summary>An attached file: the activity, and its place among the files of the mail. For callers a text, such as <c>17-0</c>.</summary>
internal readonly record struct AttachmentId(long ActivityId, short Position)
{
    public static bool TryParse(string? text, out AttachmentId id)
    {
        id = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash <= 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var activity)
            || !short.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return false;
        }

        id = new AttachmentId(activity, position);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ActivityId}-{Position}");
}
