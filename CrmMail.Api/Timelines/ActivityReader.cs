using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Timelines;

/// <summary>Single activities.</summary>
internal sealed class ActivityReader(NpgsqlDataSource database)
{
    /// <summary>The activity $1. What a team address has leads to the activity that stands for the mail.</summary>
    public const string Wanted = "(select case source when 'mailparse' then shown_copy(id) else id end from activities where id = $1)";

    private const string Find = $"""
        select
            id, account_id, direction, subject, snippet, participants::text, attachment_count, is_auto_reply, is_complete,
            status, status_detail, status_at, occurred_at, message_id, in_reply_to, folder_path,
            event_id, source, topic, partition, "offset", received_at, written_at, correlation_id,
            thread_of(mail_key)
        from activities
        where id = {Wanted}
        """;

    private const string Contacts = $"""
        select contacts.id, contacts.name, array_agg(role order by role), min(matched_by)
        from activity_contacts
        join contacts on contacts.id = contact_id
        where activity_id = {Wanted}
        group by contacts.id
        order by lower(contacts.name) collate "C", contacts.id
        """;

    // What a person said goes before what a rule found.
    private const string Deals = $"""
        select deals.id, deals.name, coalesce(said.reason, routed.reason)
        from (
            select route.deal_id, route.deal_reason as reason
            from activity_routes as route
            where route.activity_id = {Wanted}
              and route.deal_id is not null
        ) as routed
        full join (
            select deal_mails.deal_id, deal_mails.is_linked, 'person'::text as reason
            from activities
            join deal_mails on deal_mails.mail_key = activities.mail_key
            where activities.id = {Wanted}
        ) as said on said.deal_id = routed.deal_id
        join deals on deals.id = coalesce(routed.deal_id, said.deal_id)
        where said.is_linked is not false
        order by lower(deals.name) collate "C", deals.id
        """;

    private const string Copies = $"""
        select copy.id, account_id, direction, source, received_at, copy.id = {Wanted}, tags, tag_rules
        from mail_copies($1) as copies (id)
        join activities as copy on copy.id = copies.id
        order by account_id collate "C", copy.id
        """;

    /// <summary>The activity; null when there is none.</summary>
    public async Task<Activity?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var sql in new[] { Contacts, Copies, Deals, Find })
        {
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = id } } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var contacts = await ReadAsync(reader, ActivityContact.Read, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var copies = await ReadAsync(reader, ReadCopy, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var deals = await ReadAsync(reader, ReadDeal, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (await ReadAsync(reader, row => ReadActivity(row, contacts, copies, deals), cancellationToken)).SingleOrDefault();
    }

    private static Activity ReadActivity(NpgsqlDataReader row, List<ActivityContact> contacts, List<Copy> copies, List<ActivityDeal> deals) => new()
    {
        Id = row.GetInt64(0),
        AccountId = row.GetString(1),
        Direction = StableText.Parse<Direction>(row.GetString(2)),
        Subject = row.GetString(3),
        Snippet = row.GetString(4),
        Participants = Participants.Parse(row.GetString(5)),
        Contacts = contacts,
        Deals = deals,
        Copies = [.. copies.Where(copy => copy.IsActivity).Select(copy => new ActivityCopy(copy.Id, copy.Capture.AccountId, copy.Capture.Direction))],
        Captures = copies.ConvertAll(copy => copy.Capture),
        AttachmentCount = row.GetInt32(6),
        IsAutoReply = row.GetBoolean(7),
        Tags = copies.Aggregate(default(MailTags), (tags, copy) => tags.Union(copy.Tags)).ToList(),
        TagRules = [.. copies.SelectMany(copy => copy.TagRules).Distinct().Order(StringComparer.Ordinal)],
        IsComplete = row.GetBoolean(8),
        Status = row.IsDBNull(9) ? null : StableText.Parse<SentStatus>(row.GetString(9)),
        StatusDetail = row.IsDBNull(10) ? null : row.GetString(10),
        StatusAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(12),
        MessageId = row.IsDBNull(13) ? null : row.GetString(13),
        InReplyTo = row.IsDBNull(14) ? null : row.GetString(14),
        ThreadId = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(24)),
        Folder = row.IsDBNull(15) ? null : row.GetString(15),
        Trace = new EventTrace(
            row.GetString(16), StableText.Parse<MailSource>(row.GetString(17)), row.GetString(18), row.GetInt32(19), row.GetInt64(20),
            row.GetFieldValue<DateTimeOffset>(21), row.GetFieldValue<DateTimeOffset>(22), row.GetString(23)),
    };

    private static ActivityDeal ReadDeal(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetString(1), StableText.Parse<DealReason>(row.GetString(2)));

    private static Copy ReadCopy(NpgsqlDataReader row)
    {
        var source = StableText.Parse<MailSource>(row.GetString(3));
        var capture = new Capture(row.GetString(1), source, StableText.Parse<Direction>(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(4));
        return new Copy(row.GetInt64(0), capture, IsActivity: source != MailSource.MailParse || row.GetBoolean(5), new MailTags(row.GetInt32(6)), row.GetFieldValue<string[]>(7));
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A row of the mail, and whether it is an activity of its own.</summary>
    private sealed record Copy(long Id, Capture Capture, bool IsActivity, MailTags Tags, string[] TagRules);
}
