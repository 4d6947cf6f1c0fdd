using System.Text;

namespace CrmMail.Contracts;

/// <summary>The places of a text that are to be removed. Nothing is allocated while there are none.</summary>
internal ref struct RedactedSpans
{
    private List<(int Start, int End)>? _spans;

    public readonly bool IsEmpty => _spans is null;

    public void Add(int start, int end) => (_spans ??= []).Add((start, end));

    /// <summary>The text with every place replaced by the marker; places that overlap or touch are one.</summary>
    public readonly string Replace(string text, string marker)
    {
        if (_spans is null)
        {
            return text;
        }

        _spans.Sort();
        var parts = new StringBuilder(text.Length);
        var copied = 0;
        for (var n = 0; n < _spans.Count; n++)
        {
            var (start, end) = _spans[n];
            while (n + 1 < _spans.Count && _spans[n + 1].Start <= end)
            {
                end = Math.Max(end, _spans[++n].End);
            }

            parts.Append(text, copied, start - copied).Append(marker);
            copied = end;
        }

        return parts.Append(text, copied, text.Length - copied).ToString();
    }
}
