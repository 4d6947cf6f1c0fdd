using CrmMail.Contracts;
using CrmMail.Processor.Matching;

namespace CrmMail.Processor.Writing;

/// <summary>The contacts linked to one activity, and what changes about them.</summary>
internal sealed class LinkSet
{
    private readonly Dictionary<(Guid ContactId, ParticipantRole Role), ContactLink> _links = [];
    private readonly HashSet<Guid> _contacts = [];

    /// <summary>Everybody who is linked.</summary>
    public IReadOnlyCollection<Guid> Contacts => _contacts;

    /// <summary>Links to be written: new ones, and stored ones that a closer rule has found as well.</summary>
    public List<ContactLink> Added { get; } = [];

    public List<ContactLink> Removed { get; } = [];

    /// <summary>A link that is stored.</summary>
    public void AddStored(ContactLink link)
    {
        _links.Add(link.Place, link);
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
            var isNamed = _contacts.Contains(link.ContactId) && !_links.ContainsKey(link.Place);
            leftOut += isNamed || Add(link, maxContacts) ? 0 : 1;
        }

        return leftOut;
    }

    /// <summary>Takes back the To of contacts that the headers name in another role: so far only the envelope had spoken.</summary>
    public void RemoveGuesses(List<ContactLink> named)
    {
        var all = new HashSet<(Guid ContactId, ParticipantRole Role)>();
        foreach (var link in named)
        {
            all.Add(link.Place);
        }

        foreach (var link in named)
        {
            var guess = (link.ContactId, ParticipantRole.To);
            if (link.Role != ParticipantRole.To && !all.Contains(guess) && _links.Remove(guess, out var removed) && !Added.Remove(removed))
            {
                Removed.Add(removed);
            }
        }
    }

    private bool Add(ContactLink link, int maxContacts)
    {
        if (_links.TryGetValue(link.Place, out var known))
        {
            Improve(known, link);
            return true;
        }

        if (!_contacts.Contains(link.ContactId) && _contacts.Count >= maxContacts)
        {
            return false;
        }

        _contacts.Add(link.ContactId);
        if (!Restore(link))
        {
            _links.Add(link.Place, link);
            Added.Add(link);
        }

        return true;
    }

    /// <summary>A stored link that was taken back stays after all.</summary>
    private bool Restore(ContactLink link)
    {
        var at = Removed.FindIndex(gone => gone.Place == link.Place);
        if (at < 0)
        {
            return false;
        }

        var stored = Removed[at];
        Removed.RemoveAt(at);
        _links.Add(link.Place, stored);
        Improve(stored, link);
        return true;
    }

    /// <summary>Of several addresses by which a contact was found, the closest rule is kept: so the order in which events name them does not matter.</summary>
    private void Improve(ContactLink known, ContactLink link)
    {
        if (link.IsCloserThan(known))
        {
            Added.Remove(known);
            Added.Add(link);
            _links[link.Place] = link;
        }
    }
}
