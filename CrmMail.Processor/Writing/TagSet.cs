using CrmMail.Contracts;

namespace CrmMail.Processor.Writing;

/// <summary>The tags of one activity and the rules that gave them: all that any of its events tells, so the order of the events does not show.</summary>
internal sealed class TagSet
{
    private readonly SortedSet<string> _rules = new(StringComparer.Ordinal);

    public MailTags Tags { get; private set; }

    /// <summary>The names of the rules, in the order of their text, with blanks between them.</summary>
    public string Rules => string.Join(' ', _rules);

    /// <summary>Whether it has more than is stored.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>What is stored.</summary>
    public void AddStored(MailTags tags, string[] rules)
    {
        Tags = tags;
        _rules.UnionWith(rules);
    }

    /// <summary>What an event tells.</summary>
    public void Add(MailTags tags, string[] rules)
    {
        var before = (Tags, _rules.Count);
        Tags = Tags.Union(tags);
        _rules.UnionWith(rules);
        IsChanged |= before != (Tags, _rules.Count);
    }
}
