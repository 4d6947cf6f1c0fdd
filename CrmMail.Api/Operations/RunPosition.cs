using CrmMail.Api.Pages;
using Npgsql;

namespace CrmMail.Api.Operations;

/// <summary>The place of a run in a list of runs, the newest first.</summary>
internal sealed record RunPosition(DateTime RequestedAt, Guid Id)
{
    /// <summary>Adds the place behind which a page begins as two parameters; for the first page all runs are behind it.</summary>
    public static void AddTo(NpgsqlCommand command, PageQuery page, string list)
    {
        var before = page.Position<RunPosition>(list) ?? new RunPosition(DateTime.MaxValue, Guid.AllBitsSet);
        command.Parameters.Add(new() { Value = DateTime.SpecifyKind(before.RequestedAt, DateTimeKind.Utc) });
        command.Parameters.Add(new() { Value = before.Id });
    }

    /// <summary>The cursor of the page behind a run.</summary>
    public static string CursorOf(string list, DateTimeOffset requestedAt, Guid id) => Cursor.Encode(list, new RunPosition(requestedAt.UtcDateTime, id));
}
