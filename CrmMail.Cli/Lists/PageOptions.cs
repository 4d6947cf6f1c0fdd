using System.CommandLine;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.Lists;

/// <summary>Which part of a list is shown.</summary>
internal sealed class PageOptions
{
    private readonly Option<long?> _limit = Parsed.Number("--limit", "The most entries (50 if not given)", most: 200);
    private readonly Option<string?> _cursor = Parsed.Text("--cursor", "Go on where an earlier list ended: it tells with what", "text");

    public PageOptions(Command command)
    {
        command.Add(_limit);
        command.Add(_cursor);
    }

    public Query Query(ParseResult line) => new Query().Add("limit", line.GetValue(_limit)).Add("cursor", line.GetValue(_cursor));
}

internal static class PageExtensions
{
    /// <summary>Shows a part of a list, and how to come to the next one.</summary>
    public static void ShowPage<T>(this Call call, Answer<Page<T>> answer, IReadOnlyList<Column<T>> columns, string none)
    {
        call.Show(answer, page =>
        {
            if (page.Items.Count == 0)
            {
                call.Remark($"There are {none}.");
                return;
            }

            call.Terminal.Write(columns, page.Items);
            if (page.Next is { } next)
            {
                call.Remark($"There are more: add --cursor {Printable.Line(next)}");
            }
        });
    }
}
