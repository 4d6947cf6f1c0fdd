using Npgsql;

namespace CrmMail.Api.Deals;

/// <summary>What people say of mails and deals. It stands against every rule, and only people change it.</summary>
internal sealed class DealMails(NpgsqlDataSource database)
{
    private const string Say = """
        insert into deal_mails (deal_id, mail_key, is_linked, said_by)
        select deals.id, activities.mail_key, $3, $4
        from deals, activities
        where deals.id = $1
          and activities.id = $2
        on conflict (deal_id, mail_key) do update
        set is_linked = excluded.is_linked, said_by = excluded.said_by, said_at = now()
        """;

    /// <summary>The mail of the activity belongs to the deal, or does not; false when there is no such deal or activity.</summary>
    public async Task<bool> SayAsync(Guid dealId, long activityId, bool isLinked, string saidBy, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Say);
        command.Parameters.Add(new() { Value = dealId });
        command.Parameters.Add(new() { Value = activityId });
        command.Parameters.Add(new() { Value = isLinked });
        command.Parameters.Add(new() { Value = saidBy });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
