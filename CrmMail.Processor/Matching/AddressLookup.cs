using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Matching;

/// <summary>Asks to whom addresses belong, in statements of a batch that others put theirs into as well.</summary>
internal sealed class AddressLookup
{
    private readonly string _ownAddresses = SqlFile.Read("own_addresses");
    private readonly string _ownGmailMailboxes = SqlFile.Read("own_gmail_mailboxes");

    /// <summary>What is asked.</summary>
    public AskedAddresses Asked { get; } = new();

    /// <summary>What was answered.</summary>
    public AddressBook Book { get; } = new();

    public void Clear()
    {
        Asked.Clear();
        Book.Clear();
    }

    public void AddTo(NpgsqlBatch batch)
    {
        AddTo(batch, Asked.Addresses, ContactSql.Match, _ownAddresses);
        if (Asked.GmailMailboxes.Count > 0)
        {
            AddTo(batch, Asked.GmailMailboxes, ContactSql.MatchGmail, _ownGmailMailboxes);
        }
    }

    /// <summary>Reads the results of the statements, the first of which the reader is at.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await ReadAsync(reader, static (row, book) => book.AddContact(row.GetString(0), row.GetGuid(1)), cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await ReadAsync(reader, static (row, book) => book.AddOwn(row.GetString(0), row.GetString(1)), cancellationToken);
        if (Asked.GmailMailboxes.Count > 0)
        {
            await reader.NextResultAsync(cancellationToken);
            await ReadAsync(reader, static (row, book) => book.AddGmailContact(row.GetString(0), row.GetGuid(1)), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await ReadAsync(reader, static (row, book) => book.AddGmailOwn(row.GetString(0), row.GetString(1)), cancellationToken);
        }
    }

    private async Task ReadAsync(NpgsqlDataReader reader, Action<NpgsqlDataReader, AddressBook> readRow, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            readRow(reader, Book);
        }
    }

    private static void AddTo(NpgsqlBatch batch, IReadOnlyCollection<string> keys, string contacts, string own)
    {
        var parameter = new List<string>(keys);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(contacts) { Parameters = { new() { Value = parameter } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(own) { Parameters = { new() { Value = parameter } } });
    }
}
