using System.Globalization;

namespace CrmMail.Cli.Console;

/// <summary>A column of a table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="Text">What is in it.</param>
internal sealed record Column<T>(string Header, Func<T, string?> Text)
{
    /// <summary>To how many characters it may be cut where there is not room for all; null when its text is of use only as a whole.</summary>
    public int? Least { get; init; }

    /// <summary>Whether it is left out where there is no room, the last such column first.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it holds numbers.</summary>
    public bool IsNumber { get; init; }

    /// <summary>What its text means.</summary>
    public Func<T, Tone> Tone { get; init; } = _ => Console.Tone.Plain;
}

/// <summary>Writes rows in columns that fit the screen.</summary>
internal static class Table
{
    private const string Gap = "  ";

    /// <summary>Writes a heading and the rows.</summary>
    public static void Write<T>(this Terminal terminal, IReadOnlyList<Column<T>> columns, IReadOnlyList<T> rows)
    {
        var cells = columns.ToDictionary(column => column, column => rows.Select(row => Printable.Line(column.Text(row))).ToArray());
        var widths = Fit(columns.Select(column => (column, cells[column].Append(column.Header).Max(Printable.Width))), terminal.Width);
        terminal.Out.WriteLine(Join(widths.Select(shown => terminal.Paint(Pad(shown.Column.Header, shown.Width, shown.Column.IsNumber), Tone.Heading))));
        for (var row = 0; row < rows.Count; row++)
        {
            terminal.Out.WriteLine(Join(widths.Select(shown =>
                terminal.Paint(Pad(cells[shown.Column][row], shown.Width, shown.Column.IsNumber), shown.Column.Tone(rows[row])))));
        }
    }

    /// <summary>Writes names and values, one below the other. What has no value is left out.</summary>
    public static void WriteFields(this Terminal terminal, params IEnumerable<(string Name, string? Value)> fields)
    {
        var shown = fields.Where(field => !string.IsNullOrEmpty(field.Value)).ToArray();
        var width = shown.Max(field => field.Name.Length);
        foreach (var (name, value) in shown)
        {
            terminal.Out.WriteLine($"{terminal.Paint(name.PadRight(width), Tone.Heading)}{Gap}{Printable.Line(value)}");
        }
    }

    private static List<(Column<T> Column, int Width)> Fit<T>(IEnumerable<(Column<T> Column, int Width)> natural, int room)
    {
        var shown = natural.ToList();
        while (Total(shown.Select(column => Math.Min(column.Width, column.Column.Least ?? column.Width))) > room
            && shown.FindLastIndex(column => column.Column.IsOptional) is >= 0 and var optional)
        {
            shown.RemoveAt(optional);
        }

        while (Total(shown.Select(column => column.Width)) > room && Widest(shown) is { } widest)
        {
            shown[widest] = shown[widest] with { Width = shown[widest].Width - 1 };
        }

        return shown;
    }

    /// <summary>The widest column that can still be cut.</summary>
    private static int? Widest<T>(List<(Column<T> Column, int Width)> shown) => Enumerable.Range(0, shown.Count)
        .Where(index => shown[index].Width > (shown[index].Column.Least ?? int.MaxValue))
        .OrderByDescending(index => shown[index].Width)
        .Select(index => (int?)index)
        .FirstOrDefault();

    private static int Total(IEnumerable<int> widths) => widths.Sum(width => width + Gap.Length) - Gap.Length;

    private static string Pad(string text, int width, bool isNumber)
    {
        var cut = Printable.Cut(text, width);
        var missing = new string(' ', width - Printable.Width(cut));
        return isNumber ? missing + cut : cut + missing;
    }

    private static string Join(IEnumerable<string> cells) => string.Join(Gap, cells).TrimEnd();
}

/// <summary>Numbers and times as people read them, and as the options take them.</summary>
internal static class Wording
{
    /// <summary>12,345.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A time to the second, in UTC.</summary>
    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>3 s, 2 min 5 s, 1 h 4 min.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling(duration.TotalSeconds)):0} s"),
        { TotalHours: < 1 } => $"{duration.Minutes} min {duration.Seconds} s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalHours):0} h {duration.Minutes} min"),
    };

    /// <summary>1 letter, 2 letters.</summary>
    public static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";
}
