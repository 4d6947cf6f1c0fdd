using System.CommandLine;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.DeadLetters;

/// <summary>Which dead letters are meant.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _state = Parsed.Word("--state", "Only letters in this state", "open", "requeued", "discarded");
    private readonly Option<string?> _reason = Parsed.Text("--reason", "Only letters with this fault: decode, schema, row_rejected, body_missing or too_large", "name");
    private readonly Option<string?> _account = Parsed.Text("--account", "Only letters about this account", "id");
    private readonly Option<string?> _source = Parsed.Text("--source", "Only letters that this one told of: emailengine, mailparse or reconcile", "name");
    private readonly Option<string?> _event = Parsed.Text("--event", "Only letters of this event, such as messageNew", "name");
    private readonly Option<string?> _fingerprint = Parsed.Text("--fingerprint", "Only letters of this cause: see dead-letters stats", "hex");
    private readonly Option<DateTimeOffset?> _from = Parsed.Time("--from", "Only letters that failed at this time or later");
    private readonly Option<DateTimeOffset?> _to = Parsed.Time("--to", "Only letters that failed before this time");

    public FilterOptions(Command command)
    {
        foreach (var option in (Option[])[_state, _reason, _account, _source, _event, _fingerprint, _from, _to])
        {
            command.Add(option);
        }
    }

    /// <summary>For a list.</summary>
    public Query AddTo(Query query, ParseResult line) => query
        .Add("state", line.GetValue(_state))
        .Add("reason", line.GetValue(_reason))
        .Add("account", line.GetValue(_account))
        .Add("source", line.GetValue(_source))
        .Add("event", line.GetValue(_event))
        .Add("fingerprint", line.GetValue(_fingerprint))
        .Add("from", line.GetValue(_from))
        .Add("to", line.GetValue(_to));

    /// <summary>For an order.</summary>
    public DeadLetterFilter Read(ParseResult line, long[]? ids) => new()
    {
        Ids = ids is { Length: > 0 } ? ids : null,
        State = line.GetValue(_state),
        Reason = line.GetValue(_reason),
        Account = line.GetValue(_account),
        Source = line.GetValue(_source),
        Event = line.GetValue(_event),
        Fingerprint = line.GetValue(_fingerprint),
        From = line.GetValue(_from),
        To = line.GetValue(_to),
    };
}
