using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.UnitTests.Contracts;

/// <summary>What a filter finds.</summary>
public sealed class DeadLetterSqlTests
{
    private static readonly DateTimeOffset Time = new(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(2));

    public static TheoryData<string, DeadLetterFilter, string, string> Filters => new()
    {
        { "nothing", new(), "true", "" },
        { "ids", new() { Ids = [1, 2] }, "id = any (@ids)", "ids=System.Int64[]" },
        { "state", new() { State = DeadLetterState.Requeued }, "state = @state", "state=requeued" },
        { "reason", new() { Reason = DeadLetterReason.BodyMissing }, "reason = @reason", "reason=body_missing" },
        { "account", new() { Account = "amy' or true" }, "account_id = @account", "account=amy' or true" },
        { "source", new() { Source = MailSource.MailParse }, "source = @source", "source=mailparse" },
        { "event", new() { Event = "messageNew" }, "event = @event", "event=messageNew" },
        { "fingerprint", new() { Fingerprint = "0123456789abcdef" }, "fingerprint = @fingerprint", "fingerprint=0123456789abcdef" },
        { "times", new() { From = Time, To = Time.AddDays(1) }, "failed_at >= @from and failed_at < @to", "from=2026-06-01T10:00:00.0000000Z, to=2026-06-02T10:00:00.0000000Z" },
        { "all of them", new() { State = DeadLetterState.Open, Account = "amy" }, "state = @state and account_id = @account", "state=open, account=amy" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Every_condition_is_one_of_the_query_and_no_value_is_part_of_its_text(string name, DeadLetterFilter filter, string where, string values)
    {
        using var command = new NpgsqlCommand();
        Assert.Equal((name, where), (name, DeadLetterSql.Where(filter, command)));
        Assert.Equal(values, string.Join(", ", command.Parameters.Select(parameter => $"{parameter.ParameterName}={(parameter.Value is DateTime time ? time.ToString("O") : parameter.Value)}")));
    }

    [Theory]
    [InlineData(DeadLetterAction.Requeue, false, "state = @state and requeues < 5")]
    [InlineData(DeadLetterAction.Requeue, true, "state = @state")]
    [InlineData(DeadLetterAction.Discard, false, "state = @state")]
    public void What_was_put_back_five_times_is_withheld_from_being_put_back_alone(DeadLetterAction action, bool force, string where)
    {
        using var command = new NpgsqlCommand();
        Assert.Equal(where, DeadLetterSql.WhereTaken(action, new() { Filter = new() { State = DeadLetterState.Open }, Force = force }, command));
    }
}
