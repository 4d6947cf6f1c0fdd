using System.Globalization;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Replays;

/// <summary>A request for a replay that makes sense.</summary>
internal sealed record ReplayOrder
{
    private const int DefaultPauseAtLagSeconds = 30;
    private const int MaxPauseAtLagSeconds = 86_400;
    private const int MaxRate = 1_000_000;
    private const int MaxPartition = 99_999;
    private const int MaxEventLength = 256;

    /// <summary>What is done; without <see cref="ReplayRequest.Execute"/> nothing but a verify.</summary>
    public required ReplayMode Mode { get; init; }

    /// <summary>Whose effects a verify tells.</summary>
    public required ReplayMode Previews { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public required IReadOnlyDictionary<int, long> FromOffsets { get; init; }

    public required IReadOnlyDictionary<int, long> ToOffsets { get; init; }

    /// <summary>Null for all.</summary>
    public int[]? Partitions { get; init; }

    public AccountId? Account { get; init; }

    public string? Event { get; init; }

    public int? RatePerSecond { get; init; }

    public required int PauseAtLagSeconds { get; init; }

    public bool AllowTrimmed { get; init; }

    /// <summary>Reads a request; null, and what is wrong with it.</summary>
    public static ReplayOrder? Read(ReplayRequest request, DateTimeOffset now, FieldFaults faults)
    {
        var mode = request.Mode ?? ReplayMode.Fill;
        var range = request.Range ?? new ReplayRange();
        CheckRange(request.Range, faults);
        var from = ReadOffsets("range.fromOffsets", range.FromOffsets, request.Partitions, faults);
        var to = ReadOffsets("range.toOffsets", range.ToOffsets, request.Partitions, faults);
        faults.AddIf(to.Any(end => from.GetValueOrDefault(end.Key) > end.Value), "range.toOffsets", "The range ends before it begins.");
        faults.AddIf(
            request.Partitions is { } partitions && (partitions.Count == 0 || partitions.Any(partition => partition is < 0 or > MaxPartition)),
            "partitions",
            "Partitions are numbers from 0 on; leave them out for all.");
        CheckLimits(request, mode, faults);
        AccountId? account = null;
        faults.AddIf(request.Account is not null && !AccountId.TryParse(request.Account, out account), "account", "This is no account id.");
        return faults.Any ? null : new ReplayOrder
        {
            Mode = request.Execute ? mode : ReplayMode.Verify,
            Previews = mode == ReplayMode.Fill || request.Event is not null ? ReplayMode.Fill : ReplayMode.Rebuild,
            From = Since.TryParse(range.Since, out var since) ? now - since : range.From,
            To = range.To,
            FromOffsets = from,
            ToOffsets = to,
            Partitions = request.Partitions?.Distinct().Order().ToArray(),
            Account = account,
            Event = request.Event,
            RatePerSecond = request.RatePerSecond,
            PauseAtLagSeconds = request.PauseAtLagSeconds ?? DefaultPauseAtLagSeconds,
            AllowTrimmed = request.AllowTrimmed,
        };
    }

    private static void CheckRange(ReplayRange? range, FieldFaults faults)
    {
        var hasEnds = range is not null
            && (range.From is not null || range.To is not null || range.Since is not null || range.FromOffsets is { Count: > 0 } || range.ToOffsets is { Count: > 0 });
        if (range is null || (!range.All && !hasEnds))
        {
            faults.Add("range", "Name a range: offsets, times, since, or \"all\": true.");
            return;
        }

        faults.AddIf(range.All && hasEnds, "range.all", "All, or a part: not both.");
        faults.AddIf(range.Since is not null && range.From is not null, "range.since", "Since or from: not both.");
        faults.AddIf(range.Since is not null && !Since.TryParse(range.Since, out _), "range.since", "A number and one of s, m, h, d, w: \"90s\", \"1h\", \"2d\".");
        faults.AddIf(range.From >= range.To, "range.to", "The range ends before it begins.");
    }

    private static void CheckLimits(ReplayRequest request, ReplayMode mode, FieldFaults faults) => faults
        .AddIf(request.Event is not null && mode == ReplayMode.Rebuild, "event", "What is rebuilt needs all events of its mails.")
        .AddIf(request.Event is { Length: 0 or > MaxEventLength }, "event", $"The name of an event has 1 to {MaxEventLength} characters.")
        .AddIf(request.RatePerSecond is < 1 or > MaxRate, "ratePerSecond", $"The rate is 1 to {MaxRate}.")
        .AddIf(request.PauseAtLagSeconds is < 1 or > MaxPauseAtLagSeconds, "pauseAtLagSeconds", $"The lag is 1 to {MaxPauseAtLagSeconds} seconds.");

    private static Dictionary<int, long> ReadOffsets(string field, IReadOnlyDictionary<string, long>? texts, IReadOnlyList<int>? partitions, FieldFaults faults)
    {
        var offsets = new Dictionary<int, long>();
        foreach (var (text, offset) in texts ?? new Dictionary<string, long>())
        {
            var isPartition = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && partition <= MaxPartition;
            faults.AddIf(!isPartition || offset < 0, field, "Partitions and offsets are numbers from 0 on.");
            faults.AddIf(isPartition && partitions?.Contains(partition) == false, field, "Partitions with an offset are to be among the partitions.");
            offsets[partition] = offset;
        }

        return offsets;
    }
}
