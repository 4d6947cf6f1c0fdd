using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Filtering;

/// <summary>What is done with what the rules find: the settings, applied.</summary>
internal sealed class FilterPolicy
{
    private static readonly MailTags NoContact = default(MailTags)
        .With(MailTag.AutoReply).With(MailTag.Bounce).With(MailTag.Bulk).With(MailTag.NoReply).With(MailTag.Unverified);

    private readonly OwnDomains _ownDomains;
    private readonly (MailTag Tag, SkipReason Reason)[] _dropped;
    private readonly MailTags _tagged;
    private readonly ulong _taggingRules;

    /// <summary>The policy of valid settings.</summary>
    public FilterPolicy(FilterOptions options)
    {
        _ownDomains = new OwnDomains(options.OwnDomains);
        var tags = Enum.GetValues<MailTag>();
        _dropped = [.. tags.Where(tag => options.ActionOf(tag) == FilterAction.Drop).Select(tag => (tag, ReasonOf(tag)))];
        _tagged = tags.Where(tag => options.ActionOf(tag) == FilterAction.Tag).Aggregate(default(MailTags), (tagged, tag) => tagged.With(tag));
        var rules = FilterTable.Embedded.Rules;
        for (var at = 0; at < rules.Count; at++)
        {
            _taggingRules |= _tagged.Contains(rules[at].Tag) ? 1UL << at : 0;
        }
    }

    /// <summary>Decides on a mail. Of several reasons the first counts: internal, then the dropped tags in the order of their numbers.</summary>
    public FilterDecision Decide(EventContent content) => content switch
    {
        SeenMail mail => Decide(mail),
        DeliveredMail mail when _ownDomains.HaveAll(mail) => new FilterDecision(SkipReason.Internal, default, 0, ForbidsContact: true),
        _ => default,
    };

    /// <summary>Whether the address is at one of the own domains.</summary>
    public bool IsOwn(EmailAddress address) => _ownDomains.Has(address.Value);

    private FilterDecision Decide(SeenMail mail)
    {
        var found = mail.Filters;
        var skip = _ownDomains.HaveAll(mail) ? SkipReason.Internal : SkipOf(found.Tags);
        return new FilterDecision(
            skip,
            new MailTags(found.Tags.Bits & _tagged.Bits),
            found.Rules & _taggingRules,
            skip is SkipReason.Internal || mail.IsFromList || found.Tags.Overlaps(NoContact));
    }

    private SkipReason? SkipOf(MailTags tags)
    {
        foreach (var (tag, reason) in _dropped)
        {
            if (tags.Contains(tag))
            {
                return reason;
            }
        }

        return null;
    }

    private static SkipReason ReasonOf(MailTag tag) => tag switch
    {
        MailTag.AutoReply => SkipReason.FilteredAutoReply,
        MailTag.Bounce => SkipReason.FilteredBounce,
        MailTag.Bulk => SkipReason.FilteredBulk,
        MailTag.NoReply => SkipReason.FilteredNoReply,
        MailTag.Calendar => SkipReason.FilteredCalendar,
        MailTag.Unverified => SkipReason.FilteredUnverified,
        _ => throw new ArgumentOutOfRangeException(nameof(tag), tag, null),
    };
}
