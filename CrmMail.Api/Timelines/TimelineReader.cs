using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Timelines;

/// <summary>Pages of timelines.</summary>
internal sealed class TimelineReader(NpgsqlDataSource database)
{
    /// <summary>A page of the timeline of a contact; null when there is no such contact.</summary>
    public async Task<Page<TimelineItem>?> OfContactAsync(Guid contact, TimelineView view, PageQuery page, CancellationToken cancellationToken)
    {
        var list = ListName("contact", contact.ToString(), view);
        await using var command = database.CreateCommand(view switch
        {
            { Include.IsEmpty: true, Direction: null } => TimelineSql.ContactPage,
            { Include.IsEmpty: true } => TimelineSql.ContactPageByDirection,
            { Direction: null } => TimelineSql.ContactPageWithTags,
            _ => TimelineSql.ContactPageWithTagsByDirection,
        });
        command.Parameters.Add(new("contact_id", contact));
        AddPage(command, view.Direction, page, page.Position<Position>(list));
        if (!view.Include.IsEmpty)
        {
            command.Parameters.Add(new("include", view.Include.Bits));
        }

        var items = await ReadAsync(
            command, row => new Shown(row.ToItem(row.Captures, row.Roles), row.EntryId), cancellationToken);
        return items.Count > 0 || await ExistsAsync("select from contacts where id = $1 and not is_merged", contact, cancellationToken) ? PageOf(list, items, page.Size) : null;
    }

    /// <summary>A page of the timeline of an account; null when there is no such account.</summary>
    public async Task<Page<TimelineItem>?> OfAccountAsync(AccountId account, Direction? direction, PageQuery page, CancellationToken cancellationToken)
    {
        var list = ListName("account", account.Value, new TimelineView(direction, MailTags.All));
        await using var command = database.CreateCommand(direction is null ? TimelineSql.AccountPage : TimelineSql.AccountPageByDirection);
        command.Parameters.Add(new("account_id", account.Value));
        AddPage(command, direction, page, page.Position<Position>(list));
        var items = await ReadAsync(command, row => new Shown(row.ToItem([row.OwnCapture], []), row.PlaceId), cancellationToken);
        return items.Count > 0 || await ExistsAsync("select from accounts where id = $1", account.Value, cancellationToken) ? PageOf(list, items, page.Size) : null;
    }

    /// <summary>A page of the timeline of a deal; null when there is no such deal.</summary>
    public Task<Page<TimelineItem>?> OfDealAsync(Guid deal, TimelineView view, PageQuery page, CancellationToken cancellationToken) =>
        OfGroupAsync("deal", deal, DealTimelineSql.DealPage, "select from deals where id = $1", view, page, cancellationToken);

    /// <summary>A page of the timeline of a company; null when there is no such company.</summary>
    public Task<Page<TimelineItem>?> OfCompanyAsync(Guid company, TimelineView view, PageQuery page, CancellationToken cancellationToken) =>
        OfGroupAsync("company", company, DealTimelineSql.CompanyPage, "select from companies where id = $1", view, page, cancellationToken);

    private async Task<Page<TimelineItem>?> OfGroupAsync(
        string kind, Guid id, string sql, string exists, TimelineView view, PageQuery page, CancellationToken cancellationToken)
    {
        var list = ListName(kind, id.ToString(), view);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new($"{kind}_id", id));
        AddPage(command, view.Direction, page, page.Position<Position>(list));
        command.Parameters.Add(new("include", view.Include.Bits));
        if (view.Direction is null)
        {
            command.Parameters.Add(new("direction", NpgsqlDbType.Text) { Value = DBNull.Value });
        }

        var items = await ReadAsync(command, row => new Shown(row.ToItem(row.Captures, row.Roles), row.EntryId), cancellationToken);
        return items.Count > 0 || await ExistsAsync(exists, id, cancellationToken) ? PageOf(list, items, page.Size) : null;
    }

    private static string ListName(string kind, string id, TimelineView view) => $"timeline/{kind}/{id}/{view.Direction?.ToText()}/{view.Include.Bits}";

    private static Page<TimelineItem> PageOf(string list, List<Shown> items, int size)
    {
        var page = Page.Of(items, size, last => Cursor.Encode(list, new Position(last.Item.OccurredAt, last.Place)));
        return new Page<TimelineItem>([.. page.Items.Select(shown => shown.Item)], page.Next);
    }

    private static void AddPage(NpgsqlCommand command, Direction? direction, PageQuery page, Position? after)
    {
        command.Parameters.Add(new("before_occurred_at", after?.OccurredAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)));
        command.Parameters.Add(new("before_id", after?.Id ?? long.MaxValue));
        command.Parameters.Add(new("limit", page.Size + 1));
        if (direction is { } wanted)
        {
            command.Parameters.Add(new("direction", wanted.ToText()));
        }
    }

    private static async Task<List<Shown>> ReadAsync(NpgsqlCommand command, Func<TimelineRow, Shown> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<Shown>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(read(new TimelineRow(reader)));
        }

        return items;
    }

    private async Task<bool> ExistsAsync(string sql, object id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    private sealed record Position(DateTimeOffset OccurredAt, long Id);

    /// <summary>An item, and the second part of its place in the order.</summary>
    private readonly record struct Shown(TimelineItem Item, long Place);
}
