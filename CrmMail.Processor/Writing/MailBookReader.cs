using System.Data;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Writing;

/// <summary>Opens a <see cref="MailBook"/>: locks the accounts of a batch and reads what is known of its mails, in one round trip.</summary>
internal sealed class MailBookReader(int maxLinkedContacts, Redactor redactor, AddressHashes hashes)
{
    // Before a table is analyzed the planner expects so many rows behind a batch of keys that compiling takes longer than all the probes.
    private const string WithoutCompiling = "set local jit = off";

    private const string HasErasures = "select exists (select from erased_addresses)";

    private readonly string[] _sql =
    [
        SqlFile.Read("create_accounts"), SqlFile.Read("lock_accounts"), SqlFile.Read("storage_levels"), SqlFile.Read("known_mails"),
        SqlFile.Read("known_reports"), SqlFile.Read("known_skips"), SqlFile.Read("take_ids"),
    ];

    private readonly RefusedContacts _refused = new(hashes);
    private readonly SortedSet<string> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<MessageKey> _keys = [];
    private readonly List<string> _eventAccounts = [];
    private readonly List<string> _eventSources = [];
    private readonly List<string> _eventIds = [];
    private int _newMails;

    /// <param name="connection">The transaction that the book is open in.</param>
    /// <param name="items">The events.</param>
    /// <param name="cancellationToken">Ends the statements.</param>
    /// <param name="skipsKeptSince">See <see cref="MailBook.SkipsKeptSince"/>.</param>
    public async Task<MailBook> OpenAsync(
        NpgsqlConnection connection, ArraySegment<BatchItem> items, CancellationToken cancellationToken, DateTime skipsKeptSince = default)
    {
        Collect(items);
        await using var batch = ToBatch(connection);
        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        var book = new MailBook(maxLinkedContacts, redactor) { SkipsKeptSince = skipsKeptSince };
        await ReadAsync(reader, static (_, _) => { }, book, cancellationToken);
        await ReadAsync(reader, static (row, open) => open.HasErasures = row.GetBoolean(0), book, cancellationToken);
        await ReadAsync(reader, ReadAccount, book, cancellationToken);
        await ReadAsync(reader, ReadStorageLevel, book, cancellationToken);
        await ReadAsync(reader, ReadMail, book, cancellationToken);
        await ReadAsync(reader, ReadReport, book, cancellationToken);
        await ReadAsync(reader, ReadSkip, book, cancellationToken);
        await ReadAsync(reader, static (row, open) => open.FreeIds.Enqueue(row.GetInt64(0)), book, cancellationToken);
        await _refused.ReadAsync(reader, cancellationToken);
        _refused.RemoveFrom(items);
        return book;
    }

    private void Collect(ArraySegment<BatchItem> items)
    {
        _accounts.Clear();
        _keys.Clear();
        _eventAccounts.Clear();
        _eventSources.Clear();
        _eventIds.Clear();
        _newMails = 0;
        _refused.Clear();
        foreach (var item in items)
        {
            _accounts.Add(item.Event.Account.Value);
            _eventAccounts.Add(item.Event.Account.Value);
            _eventSources.Add(item.Record.Headers.Source.ToText());
            _eventIds.Add(item.Record.Headers.EventId.Value);
            _newMails += item.Match is { Links.Count: > 0 } ? 1 : 0;
            _refused.Ask(item.Match?.PolicyContacts);
            foreach (var key in item.Event.Content.Keys)
            {
                _keys.Add(key);
            }
        }
    }

    private NpgsqlBatch ToBatch(NpgsqlConnection connection)
    {
        var keys = new List<byte[]>(_keys.Count);
        foreach (var key in _keys)
        {
            keys.Add(key.Bytes.ToArray());
        }

        var accounts = new List<string>(_accounts);
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(WithoutCompiling),
                new NpgsqlBatchCommand(ErasureLock.Share),
                new NpgsqlBatchCommand(HasErasures),
                Command(0, Texts(accounts)),
                Command(1, Texts(accounts)),
                Command(2, Texts(accounts)),
                Command(3, Keys(keys), Texts(accounts)),
                Command(4, Keys(keys)),
                Command(5, Texts(_eventAccounts), Texts(_eventSources), Texts(_eventIds)),
                Command(6, new NpgsqlParameter<int> { TypedValue = _newMails }),
            },
        };
        _refused.AddTo(batch);
        return batch;
    }

    private NpgsqlBatchCommand Command(int statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(_sql[statement]);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<List<string>> Texts(List<string> values) =>
        new NpgsqlParameter<List<string>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<List<byte[]>> Keys(List<byte[]> values) =>
        new NpgsqlParameter<List<byte[]>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    private static async Task ReadAsync(NpgsqlDataReader reader, Action<NpgsqlDataReader, MailBook> readRow, MailBook book, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            readRow(reader, book);
        }

        await reader.NextResultAsync(cancellationToken);
    }

    private static void ReadAccount(NpgsqlDataReader row, MailBook book) =>
        book.AddAccount(new AccountRow(row.GetString(0), row.GetDateTime(1), row.GetInt64(2), Time(row, 3), Time(row, 4), Time(row, 5)));

    private static void ReadStorageLevel(NpgsqlDataReader row, MailBook book) => book.SetStorageLevel(row.GetString(0), StableText.Parse<StorageLevel>(row.GetString(1)));

    private void ReadMail(NpgsqlDataReader row, MailBook book)
    {
        var keys = row.GetFieldValue<byte[][]>(0);
        var account = row.GetString(1);
        var id = row.GetInt64(2);
        var mailKey = MessageKey.FromBytes(row.GetFieldValue<byte[]>(3));
        if (!_accounts.Contains(account))
        {
            foreach (var key in keys)
            {
                book.AddForeignKey(MessageKey.FromBytes(key), mailKey);
            }

            return;
        }

        var mail = ReadStored(row, id, account, mailKey);
        book.AddStored(mail);
        foreach (var key in keys)
        {
            book.AddStoredKey(account, MessageKey.FromBytes(key), mail);
        }
    }

    private static Mail ReadStored(NpgsqlDataReader row, long id, string account, MessageKey mailKey)
    {
        var direction = StableText.Parse<Direction>(row.GetString(4));
        var source = row.GetString(5);
        var eventId = row.GetString(6);
        var remoteId = Text(row, 7);
        var folderAt = Time(row, 8);
        var status = Text(row, 9);
        var detail = Text(row, 10);
        var statusAt = Time(row, 11);
        var mail = new Mail(id, account, mailKey, direction, source, eventId, row.GetDateTime(12), Text(row, 13)) { IsRedacted = row.GetBoolean(14) };
        mail.Tags.AddStored(new MailTags(row.GetInt32(15)), row.GetFieldValue<string[]>(16));
        mail.SetStored(
            folderAt is null ? null : new FolderState(remoteId, null, null, folderAt.Value),
            status is null ? null : new DeliveryReport(StableText.Parse<SentStatus>(status), detail, statusAt ?? DateTime.MinValue));
        ReadLinks(row, mail.Links);
        return mail;
    }

    private static void ReadLinks(NpgsqlDataReader row, LinkSet links)
    {
        var contacts = row.GetFieldValue<Guid[]>(17);
        var roles = row.GetFieldValue<string[]>(18);
        var rules = row.GetFieldValue<string?[]>(19);
        for (var n = 0; n < contacts.Length; n++)
        {
            links.AddStored(new(contacts[n], StableText.Parse<ParticipantRole>(roles[n]), rules[n] is { } rule ? StableText.Parse<MatchRule>(rule) : null));
        }
    }

    private static void ReadReport(NpgsqlDataReader row, MailBook book)
    {
        var key = MessageKey.FromBytes(row.GetFieldValue<byte[]>(0));
        var account = row.GetString(1);
        var status = StableText.Parse<SentStatus>(row.GetString(2));
        book.AddStoredReport(account, key, new DeliveryReport(status, Text(row, 3), row.GetDateTime(4)));
    }

    private static void ReadSkip(NpgsqlDataReader row, MailBook book) =>
        book.Skips.AddStored(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTime? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);
}
