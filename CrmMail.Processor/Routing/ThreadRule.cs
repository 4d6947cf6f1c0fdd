using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>
/// The deal of the conversation: that of the first of its mails that has one by its address or by a person. What a mail has by any other rule
/// does not count, so no mail follows another that follows it.
/// </summary>
internal sealed class ThreadRule(AddressRule addresses) : IDealRule
{
    private readonly string _sql = SqlFile.Read("deals_of_threads");
    private readonly Dictionary<MessageKey, DealThread> _threads = [];
    private readonly Dictionary<long, Membership> _members = [];

    public DealReason Reason => DealReason.Thread;

    /// <summary>The conversations of the mails that have to do with deals.</summary>
    public IReadOnlyCollection<DealThread> Threads => _threads.Values;

    public NpgsqlBatchCommand? Ask(IReadOnlyList<RoutedMail> mails)
    {
        _threads.Clear();
        _members.Clear();
        var ids = new List<long>(mails.Count);
        var addressed = new List<long>();
        foreach (var mail in mails)
        {
            ids.Add(mail.ActivityId);
            if (mail.IsAddressedToDeal)
            {
                addressed.Add(mail.ActivityId);
            }
        }

        return new NpgsqlBatchCommand(_sql) { Parameters = { new() { Value = ids }, new() { Value = addressed } } };
    }

    public void Read(NpgsqlDataReader row)
    {
        var id = MessageKey.FromBytes(row.GetFieldValue<byte[]>(1));
        if (!_threads.TryGetValue(id, out var thread))
        {
            thread = new DealThread(id) { Others = row.GetFieldValue<Guid?[]>(2) };
            _threads.Add(id, thread);
            if (!row.IsDBNull(4))
            {
                thread.Offer(new DealGiver(row.GetDateTime(5), MessageKey.FromBytes(row.GetFieldValue<byte[]>(6)), row.GetBoolean(7), row.GetGuid(4)));
            }
        }

        _members.Add(row.GetInt64(0), new Membership(thread, row.GetFieldValue<Guid[]>(3)));
    }

    /// <summary>Adds what the mails themselves give to their conversations, once the answers of all rules were read.</summary>
    public void Offer(IReadOnlyList<RoutedMail> mails)
    {
        foreach (var mail in mails)
        {
            if (_members.TryGetValue(mail.ActivityId, out var member) && addresses.DealOf(mail) is { } deal && Array.IndexOf(member.Removed, deal) < 0)
            {
                member.Thread.Offer(new DealGiver(mail.WrittenAt, mail.MailKey, IsSaid: false, deal));
            }
        }
    }

    public Guid? DealOf(RoutedMail mail) => ThreadOf(mail)?.Deal;

    /// <summary>The conversation of the mail; null when it has nothing to do with deals.</summary>
    public DealThread? ThreadOf(RoutedMail mail) => _members.TryGetValue(mail.ActivityId, out var member) ? member.Thread : null;

    /// <param name="Thread">The conversation.</param>
    /// <param name="Removed">The deals from which a person removed the mail: it gives none of them.</param>
    private readonly record struct Membership(DealThread Thread, Guid[] Removed);
}
