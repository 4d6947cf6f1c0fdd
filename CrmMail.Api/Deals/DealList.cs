using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Deals;

/// <summary>Deals, those made last first.</summary>
internal sealed class DealList(NpgsqlDataSource database)
{
    private const string ListPage = $"""
        {Deal.Select}
        where deals.id < @before_id
          and (@company_id is null or deals.company_id = @company_id)
          and (@contact_id is null or deals.id in (select deal_id from deal_contacts where contact_id = @contact_id))
          and (@is_open is null or (period.closed_at is null) = @is_open)
        order by deals.id desc
        limit @limit
        """;

    /// <summary>A page of the deals of a company, with a contact, in a state; null for all.</summary>
    public async Task<Page<Deal>> ReadAsync(Guid? company, Guid? contact, DealState? state, PageQuery page, CancellationToken cancellationToken)
    {
        var list = $"deals/{company}/{contact}/{state?.ToText()}";
        await using var command = database.CreateCommand(ListPage);
        command.Parameters.Add(new("before_id", page.Position<Position>(list)?.Id ?? Guid.AllBitsSet));
        command.Parameters.Add(new("company_id", NpgsqlDbType.Uuid) { Value = (object?)company ?? DBNull.Value });
        command.Parameters.Add(new("contact_id", NpgsqlDbType.Uuid) { Value = (object?)contact ?? DBNull.Value });
        command.Parameters.Add(new("is_open", NpgsqlDbType.Boolean) { Value = state is { } wanted ? wanted == DealState.Open : DBNull.Value });
        command.Parameters.Add(new("limit", page.Size + 1));
        var deals = new List<Deal>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            deals.Add(Deal.Read(reader));
        }

        return Page.Of(deals, page.Size, last => Cursor.Encode(list, new Position(last.Id)));
    }

    private sealed record Position(Guid Id);
}
