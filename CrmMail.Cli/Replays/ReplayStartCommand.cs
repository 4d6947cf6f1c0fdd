using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CrmMail.Cli.Console;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.Replays;

/// <summary><c>crm-mail replay start</c>.</summary>
internal sealed class ReplayStartCommand
{
    private readonly Option<string?> _mode = Parsed.Word(
        "--mode", "fill (if not given) adds what is missing; rebuild makes all that is there what the rules say today; verify tells what rebuild would do", "verify", "fill", "rebuild");
    private readonly Option<string?> _since = Parsed.Text("--since", "Events of the last 90s, 15m, 1h, 2d or 4w", "span");
    private readonly Option<DateTimeOffset?> _from = Parsed.Time("--from", "Events of this time and later");
    private readonly Option<DateTimeOffset?> _to = Parsed.Time("--to", "Events before this time");
    private readonly Option<OffsetRange[]?> _offsets = new("--offsets")
    {
        Description = "Events by partition and offsets, the last one included: 3:100-200, 3:100- or 3:-200; may be repeated",
        HelpName = "range",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ReadOffsets,
    };

    private readonly Option<bool> _all = Parsed.Flag("--all", "Everything that Kafka has");
    private readonly Option<int[]?> _partitions = new("--partitions")
    {
        Description = "Only these partitions: 0,3,7",
        HelpName = "list",
        CustomParser = ReadPartitions,
    };

    private readonly Option<string?> _account = Parsed.Text("--account", "Only events of this account", "id");
    private readonly Option<string?> _event = Parsed.Text("--event", "Only events of this name, such as messageNew; not with rebuild", "name");
    private readonly Option<long?> _rate = Parsed.Number("--rate", "The most records per second (as fast as it goes if not given)", most: 1_000_000);
    private readonly Option<long?> _pauseAtLag = Parsed.Number("--pause-at-lag", "Pause while live mail is late by more than so many seconds (30 if not given)", most: 86_400);
    private readonly Option<bool> _allowTrimmed = Parsed.Flag("--allow-trimmed", "Go on where retention has removed a part of the range");
    private readonly Option<bool> _execute = Parsed.Flag("--execute", "Do it; without it the replay only tells what it would do");
    private readonly Option<bool> _detach = Parsed.Flag("--detach", "Do not wait for the end");

    private ReplayStartCommand()
    {
    }

    public static Command Of(CommandRunner runner)
    {
        var start = new ReplayStartCommand();
        var command = new ExampleCommand(
            "start",
            "Read a range of events once more, beside the live ones",
            "replay start --since 1h",
            "replay start --from 2026-11-26T09:00 --to 2026-11-26T12:00 --account amy --execute",
            "replay start --offsets 3:100-200 --mode rebuild --execute");
        foreach (var option in start.Options)
        {
            command.Add(option);
        }

        runner.Let(command, start.RunAsync);
        return command;
    }

    private IEnumerable<Option> Options =>
        [_since, _from, _to, _offsets, _all, _mode, _partitions, _account, _event, _rate, _pauseAtLag, _allowTrimmed, _execute, _detach];

    private async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var request = Read(call.Line);
        var answer = await call.Api.PostAsync(ReplayRun.Kind.Path, request, ReplayJson.Default.ReplayRequest, ReplayJson.Default.ReplayRun, cancellationToken);
        if (call.Line.GetValue(_detach))
        {
            call.Show(answer, run => call.Leave(ReplayRun.Kind, run));
            return ExitCode.Success;
        }

        var code = await call.FinishAsync(ReplayRun.Kind, answer.Value.Id, cancellationToken);
        call.Remark($"The changes one by one: {call.Program} replay changes {answer.Value.Id}");
        if (!request.Execute && request.Mode != "verify")
        {
            call.ProposeExecute();
        }

        return code;
    }

    private ReplayRequest Read(ParseResult line)
    {
        var offsets = line.GetValue(_offsets) ?? [];
        return new ReplayRequest
        {
            Mode = line.GetValue(_mode),
            Range = ReadRange(line, offsets),
            Partitions = line.GetValue(_partitions) is { Length: > 0 } partitions ? partitions : null,
            Account = line.GetValue(_account),
            Event = line.GetValue(_event),
            RatePerSecond = line.GetValue(_rate),
            PauseAtLagSeconds = line.GetValue(_pauseAtLag),
            AllowTrimmed = line.GetValue(_allowTrimmed),
            Execute = line.GetValue(_execute),
        };
    }

    private ReplayRange ReadRange(ParseResult line, OffsetRange[] offsets)
    {
        var range = new ReplayRange
        {
            All = line.GetValue(_all),
            Since = line.GetValue(_since),
            From = line.GetValue(_from),
            To = line.GetValue(_to),
            FromOffsets = ByPartition(offsets, range => range.From),
            ToOffsets = ByPartition(offsets, range => range.To),
        };
        var isNamed = range with { All = false } != new ReplayRange();
        return range.All == isNamed
            ? throw new UsageException(isNamed ? "--all, or a range: not both" : "say which events: --since, --from and --to, --offsets, or --all")
            : range;
    }

    private static Dictionary<string, long>? ByPartition(OffsetRange[] ranges, Func<OffsetRange, long?> end)
    {
        var offsets = ranges.Where(range => end(range) is not null)
            .ToDictionary(range => range.Partition.ToString(CultureInfo.InvariantCulture), range => end(range)!.Value);
        return offsets.Count > 0 ? offsets : null;
    }

    private static OffsetRange[]? ReadOffsets(ArgumentResult result)
    {
        var ranges = new List<OffsetRange>();
        foreach (var token in result.Tokens)
        {
            if (!OffsetRange.TryParse(token.Value, out var range) || ranges.Any(other => other.Partition == range.Partition))
            {
                result.AddError($"--offsets are a partition and its first and last offset, such as 3:100-200, once per partition, not '{token.Value}'");
                return null;
            }

            ranges.Add(range);
        }

        return [.. ranges];
    }

    private static int[]? ReadPartitions(ArgumentResult result)
    {
        var partitions = new List<int>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
            {
                result.AddError($"--partitions are numbers with commas, such as 0,3,7, not '{text}'");
                return null;
            }

            partitions.Add(partition);
        }

        return [.. partitions];
    }
}
