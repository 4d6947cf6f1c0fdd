using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Matching;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Writing;

/// <summary>The rows of <c>address_ledger</c> and <c>address_names</c> that the events of a batch tell, each once however often the batch holds it.</summary>
internal sealed class LedgerBook
{
    private readonly HashSet<(string AccountId, MailSource Source, string EventId, ParticipantRole Role, string Address)> _rows = [];

    public List<LedgerEntry> Entries { get; } = [];

    public HashSet<Stranger> Strangers { get; } = [];

    /// <summary>Takes over by which addresses the mail of the event was looked up, and with which names those of nobody stand there.</summary>
    public void Add(BatchItem item)
    {
        if (item.Match is null)
        {
            return;
        }

        foreach (var asked in item.Match.Asked)
        {
            if (_rows.Add((item.Event.Account.Value, item.Record.Headers.Source, item.Record.Headers.EventId.Value, asked.Role, asked.Address.Value)))
            {
                Entries.Add(new LedgerEntry(item, asked));
            }
        }

        if (item.Match.Strangers is { } strangers)
        {
            Strangers.UnionWith(strangers);
        }
    }
}

/// <summary>A row of <c>address_ledger</c>.</summary>
internal readonly record struct LedgerEntry(BatchItem Item, AskedAddress Asked)
{
    /// <summary>A statement that takes first what tells the rows apart: account, source, event, role and address.</summary>
    public static ArrayStatement<LedgerEntry> ByKey(string statement) => new ArrayStatement<LedgerEntry>(statement)
        .Column(Text, entry => entry.Item.Event.Account.Value)
        .Column(Text, entry => entry.Item.Record.Headers.Source.ToText())
        .Column(Text, entry => entry.Item.Record.Headers.EventId.Value)
        .Column(Text, entry => entry.Asked.Role.ToText())
        .Column(Bytea, entry => entry.Asked.Address.Hash());
}
