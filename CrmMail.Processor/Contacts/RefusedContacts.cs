using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Contacts;

/// <summary>
/// Keeps the policy from making contacts of people who were erased, or of addresses that a person took from such a contact. Asked is in the
/// transaction that writes the contacts, and only where there are new ones.
/// </summary>
internal sealed class RefusedContacts(AddressHashes hashes)
{
    private readonly string _sql = SqlFile.Read("refused_contacts");
    private readonly HashSet<EmailAddress> _asked = [];
    private readonly List<string> _hashedAddresses = [];
    private readonly List<byte[]> _hashes = [];
    private readonly List<string> _addresses = [];
    private readonly List<Guid> _ids = [];
    private readonly List<string> _contactAddresses = [];
    private readonly HashSet<EmailAddress> _refused = [];

    public void Clear()
    {
        _asked.Clear();
        _hashedAddresses.Clear();
        _hashes.Clear();
        _addresses.Clear();
        _ids.Clear();
        _contactAddresses.Clear();
        _refused.Clear();
    }

    /// <summary>Asks for those of the contacts that are new.</summary>
    public void Ask(List<PolicyContact>? contacts)
    {
        foreach (var contact in contacts ?? [])
        {
            if (contact.IsNew && _asked.Add(contact.Asked))
            {
                Ask(contact);
            }
        }
    }

    /// <summary>Adds the statements, if anything was asked for. From then on nobody imports contacts until the transaction ends.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        if (_asked.Count == 0)
        {
            return;
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(ContactLock.Share));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(_sql)
        {
            Parameters =
            {
                new() { Value = _hashedAddresses },
                new NpgsqlParameter<List<byte[]>> { TypedValue = _hashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = _addresses },
                new() { Value = _ids },
                new() { Value = _contactAddresses },
            },
        });
    }

    /// <summary>Reads the results of the statements, the first of which the reader is at.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_asked.Count > 0)
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                _refused.Add(EmailAddress.Parse(reader.GetString(0)));
            }
        }
    }

    /// <summary>Takes the contacts that are not to be made out of the events.</summary>
    public void RemoveFrom(ArraySegment<BatchItem> items)
    {
        if (_refused.Count > 0)
        {
            foreach (var item in items)
            {
                item.Match?.Refuse(_refused);
            }
        }
    }

    private void Ask(PolicyContact contact)
    {
        foreach (var hash in hashes.AllOf(contact.Asked))
        {
            _hashedAddresses.Add(contact.Asked.Value);
            _hashes.Add(hash);
        }

        foreach (var id in hashes.ContactIdsOf(contact.Address))
        {
            _addresses.Add(contact.Asked.Value);
            _ids.Add(id);
            _contactAddresses.Add(contact.Address.Value);
        }
    }
}
