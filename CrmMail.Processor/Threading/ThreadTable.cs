using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Writing;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Threading;

/// <summary>The conversations in the database, in the transaction of a batch. One instance per worker.</summary>
internal sealed class ThreadTable
{
    /// <summary>
    /// Steps from an id to the smallest of its conversation that are not worth a write. A conversation of n mails takes about ln n, 9 for
    /// ten thousand, unless somebody chooses ids so that each is smaller than the one before.
    /// </summary>
    private const int FewSteps = 16;

    // Every time but the first, somebody else has joined one of the conversations in between.
    private const int MaxAttempts = 10;

    private const string Begin = "savepoint join_threads";
    private const string GiveBack = "rollback to savepoint join_threads";

    // Who has lost once goes one after another: of many who try again at the same moment only one gets through.
    private const string AwaitTurn = "select pg_advisory_xact_lock(hashtext('thread_links'))";

    private readonly string _known = SqlFile.Read("known_threads");

    private readonly ArrayStatement<ThreadLink> _insert = new ArrayStatement<ThreadLink>("insert_thread_links")
        .Column(NpgsqlDbType.Bytea, link => link.Key.Bytes.ToArray())
        .Column(NpgsqlDbType.Bytea, link => link.Parent.Bytes.ToArray());

    private readonly ArrayStatement<ThreadLink> _shorten = new ArrayStatement<ThreadLink>("shorten_threads")
        .Column(NpgsqlDbType.Bytea, link => link.Key.Bytes.ToArray())
        .Column(NpgsqlDbType.Bytea, link => link.Parent.Bytes.ToArray());

    /// <summary>Reads what the database knows of the conversations that the book is about.</summary>
    public async Task ReadAsync(ThreadBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        book.ForgetStored();
        if (book.Mentions.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(_known, connection);
        command.Parameters.Add(new() { Value = KeysOf(book), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            book.AddStored(new ThreadLink(MessageKey.FromBytes(reader.GetFieldValue<byte[]>(0)), MessageKey.FromBytes(reader.GetFieldValue<byte[]>(1))));
        }
    }

    /// <summary>Joins what belongs together, and says of the mails by which it does so that their thread has changed.</summary>
    /// <exception cref="ConcurrentWriteException">Others are faster again and again.</exception>
    public async Task JoinAsync(ThreadBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ReadAsync(book, connection, cancellationToken);
        foreach (var mention in book.Mentions)
        {
            if (!book.IsJoined(mention))
            {
                mention.Mail.ChangeThread();
            }
        }

        await JoinMissingAsync(book, connection, cancellationToken);

        // Last, for it waits for nobody: whoever waits for a row of it does not wait in a circle.
        await ShortenAsync(book, connection, cancellationToken);
    }

    private async Task JoinMissingAsync(ThreadBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var attempt = 1; !await TryJoinAsync(book, connection, cancellationToken); attempt++)
        {
            if (attempt == MaxAttempts)
            {
                throw new ConcurrentWriteException();
            }

            await ExecuteAsync(AwaitTurn, connection, cancellationToken);
            await ReadAsync(book, connection, cancellationToken);
        }
    }

    /// <returns>Whether all that was missing could be written, as nobody had written any of it since it was read.</returns>
    private async Task<bool> TryJoinAsync(ThreadBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var missing = book.MissingLinks();
        if (missing.Count == 0)
        {
            return true;
        }

        await ExecuteAsync(Begin, connection, cancellationToken);
        if (await ExecuteAsync(_insert, missing, connection, cancellationToken) == missing.Count)
        {
            return true;
        }

        // Rows are taken in one order: those of this attempt are given back before the next takes smaller ones.
        await ExecuteAsync(GiveBack, connection, cancellationToken);
        return false;
    }

    private async Task ShortenAsync(ThreadBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var links = new List<ThreadLink>();
        foreach (var key in book.Keys())
        {
            if (book.RootOf(key, out var steps) is var root && steps > FewSteps)
            {
                links.Add(new ThreadLink(key, root));
            }
        }

        if (links.Count > 0)
        {
            await ExecuteAsync(_shorten, links, connection, cancellationToken);
        }
    }

    private static async Task ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(
        ArrayStatement<ThreadLink> statement, List<ThreadLink> links, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        statement.Clear();
        foreach (var link in links)
        {
            statement.Add(link);
        }

        await using var batch = new NpgsqlBatch(connection);
        statement.AddTo(batch);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<byte[]> KeysOf(ThreadBook book)
    {
        var keys = book.Keys();
        var bytes = new List<byte[]>(keys.Count);
        foreach (var key in keys)
        {
            bytes.Add(key.Bytes.ToArray());
        }

        return bytes;
    }
}
