using CrmMail.Api.Pages;
using CrmMail.Api.Timelines;
using CrmMail.Contracts;

namespace CrmMail.Api.Threads;

/// <summary>A conversation: the mails that name each other, whatever accounts have them.</summary>
internal sealed record MailThread
{
    /// <summary>The id; another one than was asked for where the conversation has become a part of this one.</summary>
    public required string Id { get; init; }

    /// <summary>Mails, each counted once however many accounts have it.</summary>
    public required long MessageCount { get; init; }

    /// <summary>How many of them are tagged and not shown, as `include` does not name their tags.</summary>
    public required long HiddenCount { get; init; }

    /// <summary>When the first of them was written.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When the last of them was written.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>Whom the mails name, those of the most mails first; at most 200.</summary>
    public required IReadOnlyList<ThreadParticipant> Participants { get; init; }

    /// <summary>How many the mails name in all.</summary>
    public required long ParticipantCount { get; init; }

    /// <summary>The contacts that took part; at most 200.</summary>
    public required IReadOnlyList<ActivityContact> Contacts { get; init; }

    /// <summary>The companies to which these contacts belong, or to whose address a mail went; at most 200.</summary>
    public required IReadOnlyList<ThreadCompany> Companies { get; init; }

    /// <summary>The deals to which mails of the conversation belong; at most 200.</summary>
    public required IReadOnlyList<ThreadDeal> Deals { get; init; }

    /// <summary>The mails that are not hidden, the oldest first.</summary>
    public required Page<TimelineItem> Messages { get; init; }
}

/// <summary>Somebody whom the mails of a conversation name.</summary>
/// <param name="Name">The name that the latest mail shows; may be empty.</param>
/// <param name="Address">The address in lower case.</param>
/// <param name="MessageCount">In how many of the mails.</param>
internal sealed record ThreadParticipant(string Name, string Address, long MessageCount);

/// <summary>A company that has to do with a conversation.</summary>
/// <param name="Id">The company.</param>
/// <param name="Name">Its name.</param>
internal sealed record ThreadCompany(Guid Id, string Name);

/// <summary>A deal to which mails of a conversation belong.</summary>
/// <param name="Id">The deal.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reasons">Why they belong to it, each reason once.</param>
/// <param name="MessageCount">How many of the mails.</param>
internal sealed record ThreadDeal(Guid Id, string Name, IReadOnlyList<DealReason> Reasons, long MessageCount);
