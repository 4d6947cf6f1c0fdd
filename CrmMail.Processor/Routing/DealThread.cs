using CrmMail.Contracts;

namespace CrmMail.Processor.Routing;

/// <summary>A conversation and its deal: that of the first mail that gives it one.</summary>
/// <param name="Id">The conversation.</param>
internal sealed record DealThread(MessageKey Id)
{
    private DealGiver? _first;

    /// <summary>Where the mails are that are not being routed, by their conversation; null for those that are not anywhere by it.</summary>
    public required Guid?[] Others { get; init; }

    /// <summary>The deal; null for none.</summary>
    public Guid? Deal => _first?.DealId;

    /// <summary>Whether mails that are not being routed are elsewhere than the conversation.</summary>
    public bool HasStrays => Array.Exists(Others, deal => deal != Deal);

    /// <summary>A mail that gives the conversation a deal. Which of them is offered first makes no difference.</summary>
    public void Offer(DealGiver giver)
    {
        if (_first is not { } first || giver.CompareTo(first) < 0)
        {
            _first = giver;
        }
    }
}

/// <summary>A mail that gives its conversation a deal: the earliest on the timeline counts, then the smaller key, then what a person said.</summary>
/// <param name="WrittenAt">Its place on the timeline.</param>
/// <param name="MailKey">The mail.</param>
/// <param name="IsSaid">Whether a person said so, and not its address.</param>
/// <param name="DealId">The deal.</param>
internal readonly record struct DealGiver(DateTime WrittenAt, MessageKey MailKey, bool IsSaid, Guid DealId) : IComparable<DealGiver>
{
    /// <summary>The order of <c>deals_of_threads.sql</c>.</summary>
    public int CompareTo(DealGiver other)
    {
        var order = WrittenAt.CompareTo(other.WrittenAt);
        order = order != 0 ? order : MailKey.Bytes.Span.SequenceCompareTo(other.MailKey.Bytes.Span);
        order = order != 0 ? order : other.IsSaid.CompareTo(IsSaid);
        return order != 0 ? order : DealId.CompareTo(other.DealId);
    }
}
