using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.DeadLetters;

/// <summary>What may be asked of dead letters.</summary>
internal static class DeadLetterRules
{
    public const int DefaultRate = 100;

    private const int MaxRate = 10_000;
    private const int MaxIds = 1000;
    private const int MaxEventLength = 256;
    private const int FingerprintLength = 16;
    private const int MaxNoteLength = 1000;

    /// <summary>What is wrong with a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="prefix">What its fields are called by the caller: nothing, or "filter.".</param>
    /// <param name="faults">Takes the faults.</param>
    public static void Check(DeadLetterFilter filter, string prefix, FieldFaults faults)
    {
        faults.AddIf(filter.Ids is { Count: 0 or > MaxIds }, $"{prefix}ids", $"These are 1 to {MaxIds} ids.");
        faults.AddIf(filter.Account is not null && !AccountId.TryParse(filter.Account, out _), $"{prefix}account", "This is no account id.");
        faults.AddIf(filter.Event is { } name && (name.Length is 0 or > MaxEventLength || !SafeText.IsSafe(name)), $"{prefix}event", $"A name has 1 to {MaxEventLength} characters.");
        faults.AddIf(
            filter.Fingerprint is { } cause && (cause.Length != FingerprintLength || !cause.All(char.IsAsciiHexDigitLower)),
            $"{prefix}fingerprint",
            $"A fingerprint has {FingerprintLength} lower hex digits.");
        faults.AddIf(filter.From >= filter.To, $"{prefix}to", "The end is later than the beginning.");
    }

    /// <summary>What is wrong with an order.</summary>
    public static FieldFaults Check(DeadLetterOrder order)
    {
        var faults = new FieldFaults();
        var filter = order.Filter ?? new DeadLetterFilter();
        Check(filter, "filter.", faults);
        var hasConditions = filter with { State = null } != new DeadLetterFilter();
        faults.AddIf(!hasConditions && !order.All, "filter", "Say which letters, by a condition beside the state, or \"all\": true.");
        faults.AddIf(hasConditions && order.All, "all", "These are not all: there is a filter.");
        faults.AddIf(order.RatePerSecond is < 1 or > MaxRate, "ratePerSecond", $"The rate is 1 to {MaxRate} letters per second.");
        faults.AddIf(order.Limit is < 1, "limit", "The limit is at least 1.");
        faults.AddIf(order.Note is { } note && (note.Length > MaxNoteLength || !SafeText.IsSafe(note)), "note", $"A note has at most {MaxNoteLength} characters.");
        return faults;
    }
}
