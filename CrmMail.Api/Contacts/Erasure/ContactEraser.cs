using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Contacts;

/// <summary>
/// Erases a contact and what is stored about the person: first it is written by which hashes the person is known again, so that whatever is
/// written from then on leaves the person out, and then everything goes in one transaction.
/// </summary>
internal sealed class ContactEraser(NpgsqlDataSource database, Tombstones tombstones, TimeProvider time)
{
    /// <summary>While this one waits, so does whoever writes mails.</summary>
    private const string WaitShortly = "set local lock_timeout = '1s'";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Removes everything; nothing when there is no such contact.</summary>
    public async Task<ErasedData> EraseAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        while (await BeginAsync(id, actor, cancellationToken) is { } erasure)
        {
            if (await RemoveAsync(id, erasure, cancellationToken) is { } erased)
            {
                return erased;
            }
        }

        return new ErasedData();
    }

    /// <summary>Writes the hashes of the addresses, once nobody writes mails.</summary>
    /// <returns>The erasure; null when there is no such contact.</returns>
    private async Task<Guid?> BeginAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await TryBeginAsync(id, actor, cancellationToken);
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task<Guid?> TryBeginAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var erasure = new Erasure(connection, id, cancellationToken);
        await erasure.ExecuteAsync(WaitShortly);
        await erasure.ExecuteAsync(ErasureLock.Take);
        if (await erasure.TakePersonAsync() is not { } person)
        {
            return null;
        }

        var begun = await ErasureTable.BeginAsync(connection, id, actor, cancellationToken);
        await tombstones.PutAsync(connection, begun, person.Addresses, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return begun;
    }

    /// <summary>Removes everything; null when the contact has got an address meanwhile.</summary>
    private async Task<ErasedData?> RemoveAsync(Guid id, Guid begun, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        string[] locked = [];
        while (true)
        {
            // The accounts first and then the contact, as the Processor takes them: the two can wait for each other, but not in a circle.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var erasure = new Erasure(connection, id, cancellationToken);
            await erasure.LockAccountsAsync(locked);
            if (await erasure.TakePersonAsync() is not { } person)
            {
                return new ErasedData();
            }

            if (await erasure.IsMergingAsync())
            {
                await transaction.RollbackAsync(cancellationToken);
                await Task.Delay(Pause, time, cancellationToken);
                continue;
            }

            var concerned = await erasure.FindAccountsAsync(person);
            if (concerned.Except(locked, StringComparer.Ordinal).Any())
            {
                locked = concerned;
                continue;
            }

            if ((await tombstones.FindAsync(connection, person.Addresses, cancellationToken)).Count < person.AddressCount)
            {
                return null;
            }

            var erased = await erasure.RunAsync(person) with { ErasureId = begun };
            await ErasureTable.CompleteAsync(connection, begun, erased, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return erased;
        }
    }

    /// <summary>The statements of one erasure, in the transaction of the connection.</summary>
    private sealed class Erasure(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        private const int ChunkSize = 500;

        private const string LockAccounts = "select from accounts where id = any ($1) order by id for no key update";

        private const string LockContact = "select from contacts where id = $1 and not is_merged for update";

        // Whoever was merged into the contact, and into them.
        private const string Merged = """
            with recursive merged (id) as (
                select $1::uuid
                union
                select contact_merges.contact_id
                from contact_merges
                join merged on contact_merges.into_id = merged.id and state = 'merged'
            )
            """;

        private const string Addresses = $"""
            {Merged}
            select address
            from contact_addresses
            where contact_id = $1
            union
            select address
            from contact_merges
            join merged on merged.id = contact_merges.into_id
            cross join unnest(contact_merges.addresses) as given (address)
            where not exists (select from contact_addresses where contact_addresses.address = given.address)
            """;

        private const string IsMerging = "select from contact_merges where state in ('moving', 'undoing') and $1 in (contact_id, into_id)";

        // Also what is known of merges that were undone: nothing but ids.
        private const string DeleteMerges = $"""
            {Merged},
            gone as (
                delete from contact_merges
                where contact_id in (select id from merged)
                   or into_id in (select id from merged)
                returning state
            )
            select count(*)::integer
            from gone
            where state = 'merged'
            """;

        private const string ConcernedAccounts = $"select distinct account_id from activities where id in ({PersonSql.Activities}) order by account_id";

        // Skips are found by account, for their keys are not indexed.
        private const string DeleteActivities = """
            with own as materialized (
                select distinct activity_id as id
                from activity_contacts as link
                where contact_id = $1
                  and not exists (
                    select from activity_contacts as other where other.activity_id = link.activity_id and other.contact_id <> $1)
            ), keys as materialized (
                select key, account_id
                from message_keys
                where activity_id in (select id from own)
            ), skips as (
                delete from skipped_events
                where (account_id, source, event_id) in (
                    select skip.account_id, skip.source, skip.event_id
                    from skipped_events as skip
                    cross join lateral unnest(skip.mail_keys) as mail (key)
                    join keys on keys.key = mail.key and keys.account_id = skip.account_id
                    where skip.account_id in (select account_id from keys))
                returning 1
            ), reports as (
                delete from delivery_reports
                where (key, account_id) in (select key, account_id from keys)
                returning 1
            ), outbound as (
                delete from outbound_messages
                where (message_key, account_id) in (select key, account_id from keys)
                returning 1
            ), gone as (
                delete from activities
                where id in (select id from own)
                returning account_id, direction
            ), counts as (
                update accounts
                set incoming_count = greatest(0, incoming_count - told.incoming),
                    sent_count = greatest(0, sent_count - told.sent)
                from (
                    select account_id, count(*) filter (where direction = 'incoming') as incoming, count(*) filter (where direction = 'sent') as sent
                    from gone
                    group by account_id) as told
                where id = told.account_id
            )
            select
                (select count(*) from gone)::integer,
                (select count(*) from skips)::integer,
                (select count(*) from reports)::integer,
                (select count(*) from outbound)::integer
            """;

        private const string Participants = "select id, participants::text from activities where id = any ($1)";

        // What a mail server says of a delivery that failed usually names the recipient.
        private const string RemoveMentions = """
            update activities
            set participants = rest.participants,
                redacted_at = now(),
                status_detail = case
                    when exists (select from unnest($3) as address where strpos(lower(status_detail), address) > 0) then null
                    else status_detail
                end
            from unnest($1, $2) as rest (id, participants)
            where activities.id = rest.id
            """;

        private const string RemoveFromReports = """
            update delivery_reports
            set status_detail = null
            from message_keys
            where message_keys.activity_id = any ($1)
              and delivery_reports.key = message_keys.key
              and delivery_reports.account_id = message_keys.account_id
              and exists (select from unnest($2) as address where strpos(lower(status_detail), address) > 0)
            """;

        private const string Outbound = """
            select account_id, idempotency_key, participants::text
            from outbound_messages
            where participant_addresses(participants) ?| $1
            for update
            """;

        private const string DeleteOutbound = """
            delete from outbound_messages
            where (account_id, idempotency_key) in (select * from unnest($1, $2))
            """;

        private const string RemoveFromOutbound = """
            update outbound_messages
            set participants = rest.participants
            from unnest($1, $2, $3) as rest (account_id, idempotency_key, participants)
            where outbound_messages.account_id = rest.account_id
              and outbound_messages.idempotency_key = rest.idempotency_key
            """;

        // Bodies that others can read stay, encrypted with their keys.
        private const string DeleteBodies = """
            with own as materialized (
                select id
                from data_keys
                where contact_id = $1
            ), bodies as (
                delete from activity_bodies
                where activity_id in (select activity_id from body_keys where data_key_id in (select id from own))
                  and not exists (
                    select from body_keys as other where other.activity_id = activity_bodies.activity_id and other.data_key_id not in (select id from own))
                returning 1
            )
            select (select count(*) from bodies)::integer, (select count(*) from own)::integer
            """;

        private const string DeleteDataKeys = "delete from data_keys where contact_id = $1";

        private const string CountLinks = "select count(*)::integer from activity_contacts where contact_id = $1";

        // The tombstones keep a replay from writing the address again.
        private const string EraseFromLedger = """
            delete from address_ledger
            where mailbox = any ($2)
              and coalesce(contact_id, $1) = $1
            """;

        private const string EraseNames = "delete from address_names where address in (select address from address_ledger where mailbox = any ($1))";

        // Said of an address of the person, and of somebody else.
        private const string EraseDismissals = "delete from dismissed_suggestions where address_mailbox(address) = any ($1)";

        // The past mail of these mailboxes was looked at for the last time.
        private const string ForgetChanges = "delete from address_changes where mailbox = any ($1)";

        // Links and places on the timeline go with it.
        private const string DeleteContact = "delete from contacts where id = $1";

        public Task LockAccountsAsync(string[] accounts) => ExecuteAsync(LockAccounts, new NpgsqlParameter { Value = accounts });

        /// <summary>Locks the contact, so that nothing more is linked to it; null when there is none.</summary>
        public async Task<Person?> TakePersonAsync()
        {
            await ContactLock.ShareAsync(connection, cancellationToken);
            var isThere = await ReadAsync(LockContact, row => true, new NpgsqlParameter { Value = id });
            return isThere.Count > 0 ? new Person(await ReadAsync(Addresses, row => row.GetString(0), new NpgsqlParameter { Value = id })) : null;
        }

        /// <summary>Whether mails of the contact are on their way, to it or from it.</summary>
        public async Task<bool> IsMergingAsync() => (await ReadAsync(IsMerging, row => true, new NpgsqlParameter { Value = id })).Count > 0;

        public async Task<string[]> FindAccountsAsync(Person person) =>
            [.. await ReadAsync(ConcernedAccounts, row => row.GetString(0), new() { Value = id }, new() { Value = person.Spellings })];

        public async Task<ErasedData> RunAsync(Person person)
        {
            // Links are counted before the activities take theirs with them.
            var links = await ReadAsync(CountLinks, row => row.GetInt32(0), new NpgsqlParameter { Value = id });
            var bodies = await ReadAsync(DeleteBodies, row => (Bodies: row.GetInt32(0), Keys: row.GetInt32(1)), new NpgsqlParameter { Value = id });
            await ExecuteAsync(DeleteDataKeys, new NpgsqlParameter { Value = id });
            var removed = await ReadAsync(
                DeleteActivities,
                row => new ErasedData { Activities = row.GetInt32(0), Skips = row.GetInt32(1), DeliveryReports = row.GetInt32(2), OutboundMessages = row.GetInt32(3) },
                new NpgsqlParameter { Value = id });
            var mentions = await RemoveMentionsAsync(person);
            var outbound = await RemoveOutboundAsync(person);
            await ExecuteAsync(EraseNames, new NpgsqlParameter { Value = person.Mailboxes });
            await ExecuteAsync(EraseFromLedger, new() { Value = id }, new() { Value = person.Mailboxes });
            await ExecuteAsync(EraseDismissals, new NpgsqlParameter { Value = person.Mailboxes });
            var merges = await ReadAsync(DeleteMerges, row => row.GetInt32(0), new NpgsqlParameter { Value = id });
            await ExecuteAsync(DeleteContact, new NpgsqlParameter { Value = id });
            await ExecuteAsync(ForgetChanges, new NpgsqlParameter { Value = person.Mailboxes });
            return removed.Single() with
            {
                Contacts = 1,
                MergedContacts = merges.Single(),
                Addresses = person.AddressCount,
                Links = links.Single(),
                Mentions = mentions,
                OutboundMessages = removed.Single().OutboundMessages + outbound,
                Bodies = bodies.Single().Bodies,
                DataKeys = bodies.Single().Keys,
            };
        }

        private async Task<int> RemoveMentionsAsync(Person person)
        {
            var mentions = 0;
            var concerned = await ReadAsync(PersonSql.Activities, row => row.GetInt64(0), new() { Value = id }, new() { Value = person.Spellings });
            foreach (var activities in concerned.Chunk(ChunkSize))
            {
                mentions += await RemoveMentionsAsync(person, activities);
            }

            return mentions;
        }

        private async Task<int> RemoveMentionsAsync(Person person, long[] activities)
        {
            var ids = new List<long>(activities.Length);
            var rests = new List<string>(activities.Length);
            foreach (var (activity, participants) in await ReadAsync(Participants, row => (row.GetInt64(0), row.GetString(1)), new NpgsqlParameter { Value = activities }))
            {
                if (person.TryRemoveFrom(participants, out var rest, out _))
                {
                    ids.Add(activity);
                    rests.Add(rest);
                }
            }

            await ExecuteAsync(RemoveMentions, new() { Value = ids }, JsonArray(rests), new() { Value = person.Spellings });
            await ExecuteAsync(RemoveFromReports, new() { Value = ids }, new() { Value = person.Spellings });
            return ids.Count;
        }

        /// <summary>Deletes requests to send mail to the person alone, and takes the person out of the others.</summary>
        private async Task<int> RemoveOutboundAsync(Person person)
        {
            var deleted = new List<(string Account, string Key)>();
            var kept = new List<(string Account, string Key, string Participants)>();
            foreach (var (account, key, participants) in await ReadAsync(Outbound, row => (row.GetString(0), row.GetString(1), row.GetString(2)), new NpgsqlParameter { Value = person.Spellings }))
            {
                if (!person.TryRemoveFrom(participants, out var rest, out var isAlone))
                {
                    continue;
                }

                if (isAlone)
                {
                    deleted.Add((account, key));
                }
                else
                {
                    kept.Add((account, key, rest));
                }
            }

            await ExecuteAsync(DeleteOutbound, new() { Value = deleted.Select(row => row.Account).ToArray() }, new() { Value = deleted.Select(row => row.Key).ToArray() });
            await ExecuteAsync(
                RemoveFromOutbound,
                new() { Value = kept.Select(row => row.Account).ToArray() },
                new() { Value = kept.Select(row => row.Key).ToArray() },
                JsonArray([.. kept.Select(row => row.Participants)]));
            return deleted.Count;
        }

        private static NpgsqlParameter JsonArray(List<string> values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

        public async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = Command(sql, parameters);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] parameters)
        {
            await using var command = Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        }

        private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
        {
            // No timeout but the caller's: somebody with a long history takes as long as it takes.
            var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            command.Parameters.AddRange(parameters);
            return command;
        }
    }
}
