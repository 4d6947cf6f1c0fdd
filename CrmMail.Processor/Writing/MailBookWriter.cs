using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;
using Npgsql;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Writing;

/// <summary>Writes what changed in a <see cref="MailBook"/>, in one round trip: one statement per table, whatever the number of rows.</summary>
/// <param name="makeContacts">The file of the statement that makes contacts.</param>
internal sealed class MailBookWriter(string makeContacts = "make_policy_contacts")
{
    private readonly ArrayStatement<NamedContact> _makeContacts = new ArrayStatement<NamedContact>(makeContacts)
        .Column(Uuid, row => row.Contact.Id)
        .Column(Text, row => row.Contact.Address.Value)
        .Column(Text, row => row.Contact.Name)
        .Column(Text, row => row.Contact.Origin.ToText())
        .Column(Text, row => row.Item.Event.Account.Value)
        .Column(Text, row => row.Item.Record.Headers.Source.ToText())
        .Column(Text, row => row.Item.Record.Headers.EventId.Value)
        .Column(TimestampTz, row => row.Item.OccurredAt)
        .Column(NpgsqlTypes.NpgsqlDbType.Boolean, row => row.Contact.IsNew);

    private readonly ArrayStatement<Mail> _insertActivities = new ArrayStatement<Mail>("insert_activities")
        .Column(Bigint, mail => mail.Id)
        .Column(Text, mail => mail.AccountId)
        .Column(Bytea, mail => mail.MailKey.Bytes.ToArray())
        .Column(Text, mail => mail.MessageId)
        .Column(Text, mail => mail.Folder?.RemoteId)
        .Column(Text, mail => mail.Folder?.Path)
        .Column(Text, mail => mail.Folder?.SpecialUse)
        .Column(TimestampTz, mail => mail.Folder?.At)
        .Column(Text, mail => mail.Direction.ToText())
        .Column(Text, mail => mail.NewContent!.Subject)
        .Column(Text, mail => mail.NewContent!.Snippet)
        .Column(Jsonb, mail => mail.NewContent!.Participants.ToJson())
        .Column(Integer, mail => mail.NewContent!.AttachmentCount)
        .Column(NpgsqlTypes.NpgsqlDbType.Boolean, mail => mail.NewContent!.IsAutoReply)
        .Column(NpgsqlTypes.NpgsqlDbType.Boolean, mail => mail.NewContent!.IsComplete)
        .Column(Text, mail => mail.NewContent!.InReplyTo)
        .Column(Bytea, mail => mail.NewContent!.ThreadKey?.Bytes.ToArray())
        .Column(Text, mail => mail.Delivery?.Status.ToText())
        .Column(Text, mail => mail.Delivery?.Detail)
        .Column(TimestampTz, mail => mail.Delivery?.At)
        .Column(TimestampTz, mail => mail.OccurredAt)
        .Column(TimestampTz, mail => MailDates.Whole(mail.Origin!.Record.Headers.ReceivedAt.UtcDateTime))
        .Column(Text, mail => mail.Source)
        .Column(Text, mail => mail.EventId)
        .Column(Text, mail => mail.Origin!.Record.Kafka.Topic)
        .Column(Integer, mail => mail.Origin!.Record.Kafka.Partition.Value)
        .Column(Bigint, mail => mail.Origin!.Record.Kafka.Offset.Value)
        .Column(Text, mail => mail.Origin!.Record.Headers.CorrelationId.Value)
        .Column(Integer, mail => mail.Tags.Tags.Bits)
        .Column(Text, mail => mail.Tags.Rules)
        .Column(Jsonb, mail => mail.NewContent!.Attachments.ToJson());

    private readonly ArrayStatement<Mail> _updateContents = new ArrayStatement<Mail>("update_contents")
        .Column(Bigint, mail => mail.Id)
        .Column(Text, mail => mail.MessageId)
        .Column(Text, mail => mail.NewContent!.Subject)
        .Column(Text, mail => mail.NewContent!.Snippet)
        .Column(Jsonb, mail => mail.NewContent!.Participants.ToJson())
        .Column(Integer, mail => mail.NewContent!.AttachmentCount)
        .Column(NpgsqlTypes.NpgsqlDbType.Boolean, mail => mail.NewContent!.IsAutoReply)
        .Column(NpgsqlTypes.NpgsqlDbType.Boolean, mail => mail.NewContent!.IsComplete)
        .Column(Text, mail => mail.NewContent!.InReplyTo)
        .Column(Bytea, mail => mail.NewContent!.ThreadKey?.Bytes.ToArray())
        .Column(Jsonb, mail => mail.NewContent!.Attachments.ToJson());

    private readonly ArrayStatement<Mail> _updateParticipants = new ArrayStatement<Mail>("update_participants")
        .Column(Bigint, mail => mail.Id)
        .Column(Jsonb, mail => mail.NewParticipants!.ToJson());

    private readonly ArrayStatement<Mail> _updateTags = new ArrayStatement<Mail>("update_tags")
        .Column(Bigint, mail => mail.Id)
        .Column(Integer, mail => mail.Tags.Tags.Bits)
        .Column(Text, mail => mail.Tags.Rules);

    private readonly ArrayStatement<Mail> _updatePlaces = new ArrayStatement<Mail>("update_places")
        .Column(Bigint, mail => mail.Id)
        .Column(TimestampTz, mail => mail.OccurredAt);

    private readonly ArrayStatement<Mail> _updateFolders = new ArrayStatement<Mail>("update_folders")
        .Column(Bigint, mail => mail.Id)
        .Column(Text, mail => mail.Folder!.RemoteId)
        .Column(Text, mail => mail.Folder!.Path)
        .Column(Text, mail => mail.Folder!.SpecialUse)
        .Column(TimestampTz, mail => mail.Folder!.At);

    private readonly ArrayStatement<Mail> _updateStatuses = new ArrayStatement<Mail>("update_statuses")
        .Column(Bigint, mail => mail.Id)
        .Column(Text, mail => mail.Delivery!.Status.ToText())
        .Column(Text, mail => mail.Delivery!.Detail)
        .Column(TimestampTz, mail => mail.Delivery!.At);

    private readonly ArrayStatement<(Mail Mail, MessageKey Key)> _insertKeys = new ArrayStatement<(Mail Mail, MessageKey Key)>("insert_message_keys")
        .Column(Bytea, row => row.Key.Bytes.ToArray())
        .Column(Text, row => row.Mail.AccountId)
        .Column(Bigint, row => row.Mail.Id);

    private readonly ArrayStatement<(Mail Mail, Guid ContactId)> _upsertEntries = new ArrayStatement<(Mail Mail, Guid ContactId)>("upsert_timeline_entries")
        .Column(Uuid, row => row.ContactId)
        .Column(Bytea, row => row.Mail.MailKey.Bytes.ToArray())
        .Column(TimestampTz, row => row.Mail.OccurredAt)
        .Column(Text, row => row.Mail.Direction.ToText())
        .Column(Integer, row => row.Mail.Tags.Tags.Bits);

    private readonly ArrayStatement<(Mail Mail, ContactLink Link)> _insertLinks = new ArrayStatement<(Mail Mail, ContactLink Link)>("insert_links")
        .Column(Bigint, row => row.Mail.Id)
        .Column(Uuid, row => row.Link.ContactId)
        .Column(Text, row => row.Link.Role.ToText())
        .Column(Bytea, row => row.Mail.MailKey.Bytes.ToArray())
        .Column(Text, row => row.Link.MatchedBy?.ToText());

    private readonly ArrayStatement<(Mail Mail, ContactLink Link)> _deleteLinks = new ArrayStatement<(Mail Mail, ContactLink Link)>("delete_links")
        .Column(Bigint, row => row.Mail.Id)
        .Column(Uuid, row => row.Link.ContactId)
        .Column(Text, row => row.Link.Role.ToText());

    private readonly ArrayStatement<KeyValuePair<(string AccountId, MessageKey Key), DeliveryReport>> _upsertReports =
        new ArrayStatement<KeyValuePair<(string AccountId, MessageKey Key), DeliveryReport>>("upsert_reports")
            .Column(Bytea, row => row.Key.Key.Bytes.ToArray())
            .Column(Text, row => row.Key.AccountId)
            .Column(Text, row => row.Value.Status.ToText())
            .Column(Text, row => row.Value.Detail)
            .Column(TimestampTz, row => row.Value.At);

    private readonly ArrayStatement<(BatchItem Item, SkipReason Reason)> _upsertSkips = new ArrayStatement<(BatchItem Item, SkipReason Reason)>("upsert_skips")
        .Column(Text, row => row.Item.Event.Account.Value)
        .Column(Text, row => row.Item.Record.Headers.Source.ToText())
        .Column(Text, row => row.Item.Record.Headers.EventId.Value)
        .Column(Text, row => row.Item.Event.Name)
        .Column(Text, row => row.Reason.ToText())
        .Column(Bytea, row => row.Reason == SkipReason.AccountDeleted ? [] : row.Item.Event.Content.ConcatenatedKeys())
        .Column(Text, row => row.Item.Record.Kafka.Topic)
        .Column(Integer, row => row.Item.Record.Kafka.Partition.Value)
        .Column(Bigint, row => row.Item.Record.Kafka.Offset.Value)
        .Column(Text, row => row.Item.Record.Headers.CorrelationId.Value);

    private readonly ArrayStatement<BatchItem> _deleteSkips = new ArrayStatement<BatchItem>("delete_skips")
        .Column(Text, item => item.Event.Account.Value)
        .Column(Text, item => item.Record.Headers.Source.ToText())
        .Column(Text, item => item.Record.Headers.EventId.Value);

    private readonly ArrayStatement<LedgerEntry> _upsertLedger = LedgerEntry.ByKey("upsert_ledger")
        .Column(Text, entry => entry.Asked.Address.Value)
        .Column(Text, entry => entry.Asked.Address.Mailbox)
        .Column(Uuid, entry => entry.Asked.ContactId)
        .Column(Text, entry => entry.Item.Match!.Direction.ToText())
        .Column(Bytea, entry => entry.Item.Event.Content.Keys[0].Bytes.ToArray())
        .Column(TimestampTz, entry => entry.Item.OccurredAt)
        .Column(Integer, entry => entry.Item.Record.Kafka.Partition.Value)
        .Column(Bigint, entry => entry.Item.Record.Kafka.Offset.Value);

    private readonly ArrayStatement<Stranger> _insertNames = new ArrayStatement<Stranger>("insert_address_names")
        .Column(Text, stranger => stranger.Address.Value)
        .Column(Text, stranger => stranger.NameKey);

    private readonly ArrayStatement<AccountRow> _updateStates = new ArrayStatement<AccountRow>("update_account_states")
        .Column(Text, account => account.Id)
        .Column(Text, account => account.NewState!.Value.State.ToText())
        .Column(TimestampTz, account => account.NewState!.Value.Event.Event.At)
        .Column(Integer, account => account.NewState!.Value.Event.Record.Kafka.Partition.Value)
        .Column(Bigint, account => account.NewState!.Value.Event.Record.Kafka.Offset.Value);

    private readonly ArrayStatement<AccountRow> _updateErrors = new ArrayStatement<AccountRow>("update_account_errors")
        .Column(Text, account => account.Id)
        .Column(Text, account => account.NewError!.Value.Error)
        .Column(TimestampTz, account => account.NewError!.Value.At);

    private readonly ArrayStatement<AccountRow> _updateCounts = new ArrayStatement<AccountRow>("update_account_counts")
        .Column(Text, account => account.Id)
        .Column(Integer, account => account.NewIncoming)
        .Column(Integer, account => account.NewSent)
        .Column(Integer, account => account.NewSkipped)
        .Column(TimestampTz, account => account.LastEventAt);

    private readonly ArrayStatement<(string AccountId, EmailAddress Address)> _insertAddresses =
        new ArrayStatement<(string AccountId, EmailAddress Address)>("insert_account_addresses")
            .Column(Text, row => row.AccountId)
            .Column(Text, row => row.Address.Value);

    private int _newContacts;

    /// <summary>Writes the book. Nothing is final before the transaction is committed.</summary>
    /// <exception cref="ConcurrentWriteException">
    /// Somebody else wrote one of the mails without taking the lock on its account, or entered a contact that was to be made.
    /// </exception>
    public async Task WriteAsync(MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Clear();
        Fill(book);
        await using var batch = new NpgsqlBatch(connection);
        var makeContacts = _makeContacts.AddTo(batch);
        var insertKeys = AddTo(batch);
        if (batch.BatchCommands.Count == 0)
        {
            return;
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        if ((insertKeys is not null && (int)insertKeys.RecordsAffected != _insertKeys.Count)
            || (makeContacts is not null && (int)makeContacts.RecordsAffected != _newContacts))
        {
            throw new ConcurrentWriteException();
        }
    }

    /// <summary>In the order that foreign keys demand; the same in every worker, so that no two wait for each other.</summary>
    private NpgsqlBatchCommand? AddTo(NpgsqlBatch batch)
    {
        _insertActivities.AddTo(batch);
        _updateContents.AddTo(batch);
        _updateParticipants.AddTo(batch);
        _updateTags.AddTo(batch);
        _updatePlaces.AddTo(batch);
        _updateFolders.AddTo(batch);
        _updateStatuses.AddTo(batch);
        var insertKeys = _insertKeys.AddTo(batch);
        _upsertEntries.AddTo(batch);
        _insertLinks.AddTo(batch);
        _deleteLinks.AddTo(batch);
        _upsertReports.AddTo(batch);
        _upsertSkips.AddTo(batch);
        _deleteSkips.AddTo(batch);
        _upsertLedger.AddTo(batch);
        _insertNames.AddTo(batch);
        _updateStates.AddTo(batch);
        _updateErrors.AddTo(batch);
        _updateCounts.AddTo(batch);
        _insertAddresses.AddTo(batch);
        return insertKeys;
    }

    private void Fill(MailBook book)
    {
        foreach (var contact in book.PolicyContacts.Contacts)
        {
            _makeContacts.Add(contact);
            _newContacts += contact.Contact.IsNew ? 1 : 0;
        }

        foreach (var mail in book.Mails)
        {
            Fill(mail);
        }

        foreach (var report in book.NewReports)
        {
            _upsertReports.Add(report);
        }

        foreach (var skip in book.Skips.Changed)
        {
            _upsertSkips.Add(skip);
        }

        foreach (var item in book.Skips.Gone)
        {
            _deleteSkips.Add(item);
        }

        foreach (var entry in book.Ledger.Entries)
        {
            _upsertLedger.Add(entry);
        }

        foreach (var stranger in book.Ledger.Strangers)
        {
            _insertNames.Add(stranger);
        }

        foreach (var account in book.Accounts)
        {
            Fill(account);
        }
    }

    private void Fill(Mail mail)
    {
        if (mail.IsNew)
        {
            _insertActivities.Add(mail);
        }
        else
        {
            AddIf(mail.NewContent is not null, _updateContents, mail);
            AddIf(mail.NewParticipants is not null, _updateParticipants, mail);
            AddIf(mail.Tags.IsChanged, _updateTags, mail);
            AddIf(mail.IsPlaceChanged, _updatePlaces, mail);
            AddIf(mail.IsFolderChanged, _updateFolders, mail);
            AddIf(mail.IsDeliveryChanged, _updateStatuses, mail);
        }

        foreach (var key in mail.NewKeys)
        {
            _insertKeys.Add((mail, key));
        }

        if (mail.IsPlaceChanged || mail.Tags.IsChanged || mail.Links.Added.Count > 0)
        {
            foreach (var contact in mail.Links.Contacts)
            {
                _upsertEntries.Add((mail, contact));
            }
        }

        foreach (var link in mail.Links.Added)
        {
            _insertLinks.Add((mail, link));
        }

        foreach (var link in mail.Links.Removed)
        {
            _deleteLinks.Add((mail, link));
        }
    }

    private void Fill(AccountRow account)
    {
        AddIf(account.NewState is not null, _updateStates, account);
        AddIf(account.NewError is not null, _updateErrors, account);
        AddIf(account.AreCountsChanged, _updateCounts, account);
        foreach (var address in account.NewAddresses)
        {
            _insertAddresses.Add((account.Id, address));
        }
    }

    private static void AddIf<TRow>(bool condition, ArrayStatement<TRow> statement, TRow row)
    {
        if (condition)
        {
            statement.Add(row);
        }
    }

    private void Clear()
    {
        _newContacts = 0;
        _makeContacts.Clear();
        _insertActivities.Clear();
        _updateContents.Clear();
        _updateParticipants.Clear();
        _updateTags.Clear();
        _updatePlaces.Clear();
        _updateFolders.Clear();
        _updateStatuses.Clear();
        _insertKeys.Clear();
        _upsertEntries.Clear();
        _insertLinks.Clear();
        _deleteLinks.Clear();
        _upsertReports.Clear();
        _upsertSkips.Clear();
        _deleteSkips.Clear();
        _upsertLedger.Clear();
        _insertNames.Clear();
        _updateStates.Clear();
        _updateErrors.Clear();
        _updateCounts.Clear();
        _insertAddresses.Clear();
    }
}
