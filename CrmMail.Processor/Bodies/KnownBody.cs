using CrmMail.Contracts;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Bodies;

/// <summary>The body of one mail as it is stored, and what the events of a batch make of it.</summary>
internal sealed class KnownBody(Mail mail)
{
    public Mail Mail { get; } = mail;

    public StoredBody? Stored { get; set; }

    /// <summary>The body that is to be stored instead; null where the stored one stays.</summary>
    public (byte[] Content, StoredBody Row)? New { get; private set; }

    /// <summary>The content key of the stored body, by the data keys that encrypt it.</summary>
    public Dictionary<Guid, byte[]> Wrapped { get; } = [];

    public BodyPlace Place => new(Mail.AccountId, Mail.MailKey);

    public void Offer(byte[] content, byte[] fingerprint)
    {
        var row = new StoredBody(Mail.OccurredAt, content.Length, fingerprint);
        if (row.Supersedes(New?.Row ?? Stored))
        {
            New = (content, row);
        }
    }

    /// <summary>Whether the contact can read the stored body.</summary>
    public bool IsReadableBy(Guid contact, DataKeyRing keys)
    {
        foreach (var dataKey in Wrapped.Keys)
        {
            if (keys.IsOf(dataKey, contact))
            {
                return true;
            }
        }

        return false;
    }
}
