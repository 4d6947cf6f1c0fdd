using CrmMail.Api.Pages;
using Npgsql;

namespace CrmMail.Api.Companies;

/// <summary>Companies in the order of their names.</summary>
internal sealed class CompanyList(NpgsqlDataSource database)
{
    private const string ListName = "companies";

    // chr(1114111) is the last code point: what begins with a prefix lies between the prefix and the prefix followed by it.
    private const string ListPage = $"""
        select {Company.Columns}, lower(name) collate "C" as key
        from companies
        where (lower(name) collate "C", id) > (@after_key, @after_id)
          and lower(name) collate "C" >= lower(@prefix)
          and lower(name) collate "C" < lower(@prefix) || chr(1114111)
        order by lower(name) collate "C", id
        limit @limit
        """;

    /// <summary>A page of the companies whose names begin with the text, whatever the case.</summary>
    public async Task<Page<Company>> ReadAsync(string prefix, PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.Position<Position>(ListName);
        await using var command = database.CreateCommand(ListPage);
        command.Parameters.Add(new("prefix", prefix));
        command.Parameters.Add(new("after_key", after?.Key ?? ""));
        command.Parameters.Add(new("after_id", after?.Id ?? Guid.Empty));
        command.Parameters.Add(new("limit", page.Size + 1));
        var rows = new List<(Company Company, string Key)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((Company.Read(reader), reader.GetString(6)));
        }

        var keys = Page.Of(rows, page.Size, last => Cursor.Encode(ListName, new Position(last.Key, last.Company.Id)));
        return new Page<Company>([.. keys.Items.Select(row => row.Company)], keys.Next);
    }

    private sealed record Position(string Key, Guid Id);
}
