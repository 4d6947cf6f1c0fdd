using CrmMail.FaultTests.Load;

namespace CrmMail.FaultTests.Invariants;

/// <summary>Holds what is in the tables against what senders were told.</summary>
/// <param name="ledger">What was sent, and what was taken.</param>
/// <param name="outcomes">The tables.</param>
/// <param name="events">The topic of the events.</param>
/// <param name="deadLetters">The topic of the dead letters.</param>
internal sealed class LedgerAudit(Ledger ledger, Outcomes outcomes, IEnumerable<TailRecord> events, IEnumerable<TailRecord> deadLetters)
{
    private readonly ILookup<string, TailRecord> _places = events.ToLookup(record => record.EventId);
    private readonly HashSet<string> _deadLetterIds = [.. deadLetters.Select(record => record.EventId)];
    private readonly Dictionary<string, LedgerEntry> _sent = ledger.Sent();

    public IEnumerable<Violation> Check() => [.. Lost(), .. Activities(), .. Effects(), .. Invented(), .. Disordered(), .. DeadLetters(), .. Misplaced()];

    private IEnumerable<Violation> Lost()
    {
        foreach (var entry in ledger.Accepted())
        {
            var rows = outcomes.Rows[entry.EventId].ToList();
            var isRight = entry.Fate == Fate.DeadLetter
                ? _deadLetterIds.Contains(entry.EventId) && rows.Count > 0 && rows.TrueForAll(row => row.Table == "dead_letters")
                : rows.Count == 1 && rows[0].Table != "dead_letters";
            if (!isRight)
            {
                yield return new(Invariant.NothingIsLost, $"{Describe(entry)} is {(rows.Count == 0 ? "in no table" : string.Join(", ", rows))}, and {(_deadLetterIds.Contains(entry.EventId) ? "in" : "not in")} the topic of the dead letters");
            }
        }
    }

    private IEnumerable<Violation> Activities()
    {
        foreach (var mail in ledger.Accepted().Where(entry => entry.MessageId is not null).GroupBy(entry => (entry.Account, MessageId: entry.MessageId!)))
        {
            var count = outcomes.Activities[mail.Key].Count();
            if (count != 1)
            {
                yield return new(Invariant.OneActivityPerMail, $"{mail.Key.MessageId} of {mail.Key.Account} is {count} activities; told by {string.Join(" and ", mail.Select(Describe))}");
            }
        }
    }

    private IEnumerable<Violation> Effects() =>
    [
        .. outcomes.Activities.SelectMany(mails => mails).Where(mail => mail.Entries != 1)
            .Select(mail => new Violation(Invariant.EffectsOnce, $"{mail.MessageId} of {mail.Account} has {mail.Entries} entries")),
        .. outcomes.Counts.Where(count => count.Kept != count.Rows)
            .Select(count => new Violation(Invariant.EffectsOnce, $"{count.Account} counts {count.Kept} {count.Name} and has {count.Rows}")),
    ];

    private IEnumerable<Violation> Invented() =>
        outcomes.Rows.Where(rows => !_sent.ContainsKey(rows.Key)).Select(rows => new Violation(Invariant.NothingIsInvented, $"\"{rows.Key}\": {string.Join(", ", rows)}"));

    /// <summary>A sender waits for each answer, so an event lies behind all that its account was told of before.</summary>
    private IEnumerable<Violation> Disordered()
    {
        var last = new Dictionary<string, (LedgerEntry Entry, Row Row)>();
        foreach (var entry in ledger.Accepted())
        {
            if (outcomes.Rows[entry.EventId] is var rows && !rows.Any())
            {
                continue;
            }

            var row = rows.MinBy(row => row.Offset);
            if (last.TryGetValue(entry.Account, out var before) && (row.Partition != before.Row.Partition || row.Offset <= before.Row.Offset))
            {
                yield return new(Invariant.OrderOfAnAccount, $"{Describe(entry)} is {row}, behind {Describe(before.Entry)}, which is {before.Row}");
            }

            last[entry.Account] = (entry, row);
        }
    }

    private IEnumerable<Violation> DeadLetters() => deadLetters
        .Where(record => !_sent.TryGetValue(record.EventId, out var entry) || entry.Fate != Fate.DeadLetter)
        .Select(record => new Violation(Invariant.NoDeadLetterFromAnOutage, $"\"{record.EventId}\" is the dead letter {record.Partition}/{record.Offset}"));

    private IEnumerable<Violation> Misplaced()
    {
        var wanted = new Dictionary<(string Account, string MessageId), LedgerEntry>();
        foreach (var entry in ledger.Accepted().Where(entry => entry is { MessageId: not null, Folder: not null }))
        {
            wanted[(entry.Account, entry.MessageId!)] = entry;
        }

        foreach (var (mail, entry) in wanted)
        {
            if (outcomes.Activities[mail].FirstOrDefault() is { MessageId: not null } activity && activity.Folder != entry.Folder)
            {
                yield return new(Invariant.LastFolder, $"{mail.MessageId} of {mail.Account} is in {activity.Folder} and was last seen in {entry.Folder} by {Describe(entry)}");
            }
        }
    }

    private string Describe(LedgerEntry entry) =>
        $"{entry.EventId} (taken at {entry.AcceptedAt?.TotalSeconds:0.0} s, {entry.Attempts} attempts, {entry.Acceptances} times 2xx; in Kafka at {string.Join(" and ", _places[entry.EventId].Select(place => $"{place.Partition}/{place.Offset}"))})";
}
