using System.Collections.Frozen;
using System.Text;
using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Filtering;

/// <summary>The domains of one's own. Looks at addresses where they lie: nearly every mail names somebody else.</summary>
internal sealed class OwnDomains
{
    private readonly FrozenSet<string> _domains;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public OwnDomains(IEnumerable<string> domains)
    {
        _domains = domains.Select(domain => EmailAddress.Parse($"@{domain}").Value[1..]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _lookup = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether a mail names somebody who wrote it and somebody it went to, and nobody who is not at an own domain.</summary>
    public bool HaveAll(SeenMail mail) =>
        _domains.Count > 0
        && mail.Participants is { From.Count: > 0 } people
        && people.To.Count + people.Cc.Count + people.Bcc.Count > 0
        && HaveAll(people.From) && HaveAll(people.To) && HaveAll(people.Cc) && HaveAll(people.Bcc) && HaveAll(people.ReplyTo)
        && (mail.OriginalFrom is null || Has(mail.OriginalFrom));

    /// <inheritdoc cref="HaveAll(SeenMail)"/>
    public bool HaveAll(DeliveredMail mail) =>
        _domains.Count > 0 && mail is { Sender.Count: > 0, Recipients.Count: > 0 } && HaveAll(mail.Sender) && HaveAll(mail.Recipients);

    /// <summary>Whether the address is at one of them.</summary>
    public bool Has(string address)
    {
        var domain = address.AsSpan(address.LastIndexOf('@') + 1).Trim();
        return domain.Length < address.Length
            && (Ascii.IsValid(domain) ? _lookup.Contains(domain) : EmailAddress.TryParse($"@{domain}", out var normal) && _lookup.Contains(normal.Value.AsSpan(1)));
    }

    private bool HaveAll(List<Mailbox> mailboxes)
    {
        foreach (var mailbox in mailboxes)
        {
            if (!Has(mailbox.Address))
            {
                return false;
            }
        }

        return true;
    }
}
