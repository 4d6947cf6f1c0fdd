using System.Buffers;
using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Writing;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Privacy;

/// <summary>
/// Keeps people who were erased out of what is written: their names and addresses, and what mail servers say of them. Asked is only while
/// there are any, and only for mails that are written. One instance per worker.
/// </summary>
internal sealed class ErasedPeople(AddressHashes hashes)
{
    private static readonly SearchValues<char> AroundAddresses = SearchValues.Create(" \t\r\n<>()[]\"',;:");

    private readonly string _sql = SqlFile.Read("erased_addresses");
    private readonly HashSet<EmailAddress> _named = [];
    private readonly HashSet<EmailAddress> _erased = [];

    /// <summary>Takes everybody who was erased out of what the book is about to write.</summary>
    public async Task RemoveAsync(MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _named.Clear();
        _erased.Clear();
        if (!book.HasErasures)
        {
            return;
        }

        Collect(book);
        if (_named.Count > 0)
        {
            await FindErasedAsync(connection, cancellationToken);
        }

        if (_erased.Count > 0)
        {
            Remove(book);
        }
    }

    private void Collect(MailBook book)
    {
        foreach (var mail in book.Mails)
        {
            mail.NewContent?.Participants.AddAddressesTo(_named);
            mail.NewParticipants?.AddAddressesTo(_named);
            AddAddressesIn(mail.Delivery?.Detail, _named);
        }

        foreach (var report in book.NewReports.Values)
        {
            AddAddressesIn(report.Detail, _named);
        }

        foreach (var entry in book.Ledger.Entries)
        {
            _named.Add(entry.Asked.Address);
        }
    }

    private async Task FindErasedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var addresses = new List<EmailAddress>(_named.Count);
        var asked = new List<byte[]>(_named.Count);
        foreach (var address in _named)
        {
            foreach (var hash in hashes.AllOf(address))
            {
                addresses.Add(address);
                asked.Add(hash);
            }
        }

        await using var command = new NpgsqlCommand(_sql, connection);
        command.Parameters.Add(new NpgsqlParameter<List<byte[]>> { TypedValue = asked, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            _erased.Add(addresses[(int)row.GetInt64(0)]);
        }
    }

    private void Remove(MailBook book)
    {
        book.Ledger.Entries.RemoveAll(entry => _erased.Contains(entry.Asked.Address));
        book.Ledger.Strangers.RemoveWhere(stranger => _erased.Contains(stranger.Address));
        foreach (var mail in book.Mails)
        {
            mail.Forget(_erased, IsMentioned(mail.Delivery?.Detail));
        }

        foreach (var (place, report) in new Dictionary<(string AccountId, MessageKey Key), DeliveryReport>(book.NewReports))
        {
            if (IsMentioned(report.Detail))
            {
                book.NewReports[place] = report with { Detail = null };
            }
        }
    }

    private bool IsMentioned(string? detail)
    {
        var mentioned = new HashSet<EmailAddress>();
        AddAddressesIn(detail, mentioned);
        return mentioned.Overlaps(_erased);
    }

    private static void AddAddressesIn(string? detail, HashSet<EmailAddress> into)
    {
        for (var at = detail?.IndexOf('@', StringComparison.Ordinal) ?? -1; at >= 0; at = detail!.IndexOf('@', at + 1))
        {
            var start = detail.AsSpan(0, at).LastIndexOfAny(AroundAddresses) + 1;
            var length = detail.AsSpan(start).IndexOfAny(AroundAddresses);
            var word = length < 0 ? detail.AsSpan(start) : detail.AsSpan(start, length);
            if (EmailAddress.TryParse(word.TrimEnd('.').ToString(), out var address))
            {
                into.Add(address);
            }
        }
    }
}
