using System.Collections.Concurrent;

namespace EmailEngineSimulator.Outbox;

/// <summary>Mails between <c>submit</c> and delivery, of all accounts.</summary>
internal sealed class OutboxQueue
{
    private readonly ConcurrentDictionary<string, QueuedMail> _mails = new(StringComparer.Ordinal);

    /// <summary>In the order of sending: a queue id begins with the time at which the mail is due.</summary>
    public IReadOnlyList<QueuedMail> All => [.. _mails.Values.OrderBy(mail => mail.QueueId, StringComparer.Ordinal)];

    public void Add(QueuedMail mail) => _mails[mail.QueueId] = mail;

    public QueuedMail? Find(string queueId) => _mails.GetValueOrDefault(queueId);

    public bool Remove(string queueId) => _mails.TryRemove(queueId, out _);

    /// <summary>What an account leaves behind when it is deleted.</summary>
    public void RemoveAll(string account)
    {
        foreach (var mail in _mails.Values.Where(mail => mail.Account == account))
        {
            Remove(mail.QueueId);
        }
    }
}
