using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>What the mails of a batch are looked up by, each once.</summary>
internal sealed class AskedAddresses
{
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gmailMailboxes = new(StringComparer.Ordinal);

    /// <summary>Addresses, with and without their tags.</summary>
    public IReadOnlyCollection<string> Addresses => _addresses;

    public IReadOnlyCollection<string> GmailMailboxes => _gmailMailboxes;

    public void Add(EmailAddress address)
    {
        _addresses.Add(address.Value);
        if (MatchRule.PlusTag.KeyOf(address) is { } untagged)
        {
            _addresses.Add(untagged);
        }

        if (MatchRule.SameGmail.KeyOf(address) is { } mailbox)
        {
            _gmailMailboxes.Add(mailbox);
        }
    }

    public void Clear()
    {
        _addresses.Clear();
        _gmailMailboxes.Clear();
    }
}
