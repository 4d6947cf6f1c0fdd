using System.Data;
using CrmMail.Api.Pages;
using CrmMail.Api.Timelines;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Threads;

/// <summary>Reads conversations.</summary>
internal sealed class ThreadReader(NpgsqlDataSource database)
{
    private const int MaxListed = 200;

    // How many mails a conversation has the planner cannot know; it expects so many that compiling takes longer than reading them.
    private const string WithoutCompiling = "set local jit = off";

    /// <summary>The conversation, with a page of its mails; null when there is no mail of it.</summary>
    public async Task<MailThread?> FindAsync(MessageKey id, MailTags include, PageQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var (thread, activities) = await FindActivitiesAsync(connection, id, cancellationToken);
        if (activities.Length == 0)
        {
            return null;
        }

        // Good for the conversation under whatever id: its mails keep their order when it becomes a part of another.
        var after = query.Position<Position>("thread");
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(ThreadSql.Summary) { Parameters = { new("ids", activities), new("include", include.Bits) } },
                new(ThreadSql.Participants) { Parameters = { new("ids", activities), new("limit", MaxListed) } },
                new(ThreadSql.Contacts) { Parameters = { new("ids", activities), new("limit", MaxListed) } },
                new(ThreadSql.Companies) { Parameters = { new("ids", activities), new("limit", MaxListed) } },
                new(ThreadSql.Deals) { Parameters = { new("ids", activities), new("limit", MaxListed) } },
                new(ThreadSql.Page)
                {
                    Parameters =
                    {
                        new("ids", activities),
                        new("after_occurred_at", after?.OccurredAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)),
                        new("after_mail_key", after?.MailKey ?? []),
                        new("limit", query.Size + 1),
                        new("include", include.Bits),
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, thread, query.Size, cancellationToken);
    }

    private static async Task<(MessageKey Thread, long[] Activities)> FindActivitiesAsync(NpgsqlConnection connection, MessageKey id, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(WithoutCompiling), new(ThreadSql.Find) { Parameters = { new("id", id.Bytes.ToArray()) } } },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (MessageKey.FromBytes(reader.GetFieldValue<byte[]>(0)), reader.GetFieldValue<long[]>(1));
    }

    private static async Task<MailThread> ReadAsync(NpgsqlDataReader reader, MessageKey id, int size, CancellationToken cancellationToken)
    {
        var (count, shown, firstAt, lastAt) = (await ReadAllAsync(reader, ReadSummary, cancellationToken))[0];
        var people = await ReadAllAsync(reader, ReadParticipant, cancellationToken);
        var contacts = await ReadAllAsync(reader, ActivityContact.Read, cancellationToken);
        var companies = await ReadAllAsync(reader, ReadCompany, cancellationToken);
        var deals = await ReadAllAsync(reader, ReadDeal, cancellationToken);
        var mails = await ReadAllAsync(reader, ReadMail, cancellationToken);
        var page = Page.Of(mails, size, last => Cursor.Encode("thread", new Position(last.Item.OccurredAt, last.MailKey)));
        return new MailThread
        {
            Id = id.ToString(),
            MessageCount = count,
            HiddenCount = count - shown,
            FirstAt = firstAt,
            LastAt = lastAt,
            Participants = [.. people.Select(person => person.Participant)],
            ParticipantCount = people.Count == 0 ? 0 : people[0].People,
            Contacts = contacts,
            Companies = companies,
            Deals = deals,
            Messages = new Page<TimelineItem>([.. page.Items.Select(mail => mail.Item)], page.Next),
        };
    }

    private static (long Count, long Shown, DateTimeOffset FirstAt, DateTimeOffset LastAt) ReadSummary(NpgsqlDataReader row) =>
        (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3));

    private static (ThreadParticipant Participant, long People) ReadParticipant(NpgsqlDataReader row) =>
        (new ThreadParticipant(row.GetString(0), row.GetString(1), row.GetInt64(2)), row.GetInt64(3));

    private static ThreadCompany ReadCompany(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetString(1));

    private static ThreadDeal ReadDeal(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), [.. row.GetFieldValue<string[]>(2).Select(StableText.Parse<DealReason>)], row.GetInt64(3));

    private static (TimelineItem Item, byte[] MailKey) ReadMail(NpgsqlDataReader row)
    {
        var mail = new TimelineRow(row);
        return (mail.ToItem(mail.Captures, []), mail.MailKey);
    }

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        await reader.NextResultAsync(cancellationToken);
        return rows;
    }

    private sealed record Position(DateTimeOffset OccurredAt, byte[] MailKey);
}
