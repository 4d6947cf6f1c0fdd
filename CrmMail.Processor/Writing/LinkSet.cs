using CrmMail.Contracts;
using CrmMail.Processor.Matching;

namespace CrmMail.Processor.Writing;

/// <summary>The contacts linked to one activity, and what changes about them.</summary>
internal sealed class LinkSet
{
    private readonly HashSet<ContactLink> _links = [];
    private readonly HashSet<Guid> _contacts = [];

    /// <summary>Everybody who is linked.</summary>
    public IReadOnlyCollection<Guid> Contacts => _contacts;

    public List<ContactLink> Added { get; } = [];

    public List<ContactLink> Removed { get; } = [];

    /// <summary>A link that is stored.</summary>
    public void AddStored(ContactLink link)
    {
        _links.Add(link);
        _contacts.Add(link.ContactId);
    }

    /// <summary>Links the contacts as the headers of the mail name them, up to so many contacts in all.</summary>
    /// <returns>How many were left out.</returns>
    public int AddNamed(List<ContactLink> links, int maxContacts)
    {
        var leftOut = 0;
        foreach (var link in links)
        {
            leftOut += Add(link, maxContacts) ? 0 : 1;
        }

        return leftOut;
    }

    /// <summary>Links, as To, the contacts of an SMTP envelope that are not linked yet: the envelope does not tell Cc and Bcc from To.</summary>
    /// <returns>How many were left out.</returns>
    public int AddUnnamed(List<ContactLink> links, int maxContacts)
    {
        var leftOut = 0;
        foreach (var link in links)
        {
            leftOut += _contacts.Contains(link.ContactId) || Add(link, maxContacts) ? 0 : 1;
        }

        return leftOut;
    }

    /// <summary>Takes back the To of contacts that the headers name in another role: so far only the envelope had spoken.</summary>
    public void RemoveGuesses(List<ContactLink> named)
    {
        var all = new HashSet<ContactLink>(named);
        foreach (var link in named)
        {
            var guess = link with { Role = ParticipantRole.To };
            if (link.Role != ParticipantRole.To && !all.Contains(guess) && _links.Remove(guess) && !Added.Remove(guess))
            {
                Removed.Add(guess);
            }
        }
    }

    private bool Add(ContactLink link, int maxContacts)
    {
        if (_links.Contains(link))
        {
            return true;
        }

        if (!_contacts.Contains(link.ContactId) && _contacts.Count >= maxContacts)
        {
            return false;
        }

        _links.Add(link);
        _contacts.Add(link.ContactId);
        if (!Removed.Remove(link))
        {
            Added.Add(link);
        }

        return true;
    }
}
