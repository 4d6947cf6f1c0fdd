using CrmMail.FaultTests.Load;

namespace CrmMail.FaultTests.Invariants;

/// <summary>The fault tests can only be as good as their audit: it has to see every wrong that it looks for.</summary>
public sealed class LedgerAuditTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly Ledger _ledger;
    private readonly List<Row> _rows = [new("activities", "a", 0, 0), new("skipped_events", "b", 0, 2), new("dead_letters", "poison", 0, 3)];
    private readonly List<ActivityRow> _activities = [new("box", "mail", "INBOX", Entries: 1)];
    private readonly List<AccountCount> _counts = [new("box", "incoming", Kept: 1, Rows: 1)];
    private readonly List<TailRecord> _deadLetters = [new(0, 0, "poison", "")];

    public LedgerAuditTests()
    {
        _ledger = new Ledger(_file);
        foreach (var webhook in (Webhook[])[new("a", "box", Fate.Row, "mail", "INBOX", ""), new("b", "box", Fate.Row, null, null, ""), new("poison", "box", Fate.DeadLetter, null, null, "")])
        {
            _ledger.Accept(_ledger.Attempt(webhook), TimeSpan.Zero);
        }
    }

    [Fact]
    public void A_run_in_which_everything_is_in_its_place_has_no_violation() => Assert.Empty(Violated());

    [Fact]
    public void An_event_in_no_table_is_lost()
    {
        _rows.RemoveAll(row => row.EventId == "b");

        Assert.Equal([Invariant.NothingIsLost], Violated());
    }

    [Fact]
    public void An_event_in_two_rows_is_there_twice()
    {
        _rows.Add(new("activities", "b", 0, 2));

        Assert.Equal([Invariant.NothingIsLost], Violated());
    }

    [Fact]
    public void A_good_event_among_the_dead_letters_is_one_too_many()
    {
        _rows.Add(new("dead_letters", "b", 0, 2));
        _deadLetters.Add(new(0, 1, "b", ""));

        Assert.Equal([Invariant.NothingIsLost, Invariant.NoDeadLetterFromAnOutage], Violated());
    }

    [Fact]
    public void A_bad_event_that_is_no_dead_letter_is_lost()
    {
        _rows.RemoveAll(row => row.EventId == "poison");

        Assert.Equal([Invariant.NothingIsLost], Violated());
    }

    [Fact]
    public void A_bad_event_that_is_not_in_the_topic_of_the_dead_letters_is_lost()
    {
        _deadLetters.Clear();

        Assert.Equal([Invariant.NothingIsLost], Violated());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_mail_that_is_not_once_on_its_timeline_is_found(int entries)
    {
        _activities[0] = _activities[0] with { Entries = entries };

        Assert.Equal([Invariant.EffectsOnce], Violated());
    }

    [Fact]
    public void An_account_that_counts_a_mail_twice_is_found()
    {
        _counts[0] = _counts[0] with { Kept = 2 };

        Assert.Equal([Invariant.EffectsOnce], Violated());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_mail_that_is_not_one_activity_is_found(int count)
    {
        _activities.Clear();
        _activities.AddRange(Enumerable.Repeat(new ActivityRow("box", "mail", "INBOX", Entries: 1), count));

        Assert.Equal([Invariant.OneActivityPerMail], Violated());
    }

    [Fact]
    public void A_row_of_an_event_that_nobody_sent_is_invented()
    {
        _rows.Add(new("activities", "c", 0, 4));

        Assert.Equal([Invariant.NothingIsInvented], Violated());
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    public void An_event_that_lies_behind_a_later_one_of_its_account_or_in_another_partition_is_out_of_order(int partition, long offset)
    {
        _rows[0] = new("activities", "a", partition, offset);

        Assert.Equal([Invariant.OrderOfAnAccount], Violated());
    }

    [Fact]
    public void A_mail_in_a_folder_that_it_has_left_is_misplaced()
    {
        _activities[0] = new("box", "mail", "Archive", Entries: 1);

        Assert.Equal([Invariant.LastFolder], Violated());
    }

    public void Dispose()
    {
        _ledger.Dispose();
        File.Delete(_file);
    }

    private IEnumerable<Invariant> Violated()
    {
        var outcomes = new Outcomes { Rows = _rows.ToLookup(row => row.EventId), Activities = _activities.ToLookup(mail => (mail.Account, mail.MessageId)), Counts = _counts };
        return new LedgerAudit(_ledger, outcomes, [], _deadLetters).Check().Select(violation => violation.Invariant).Distinct();
    }
}
