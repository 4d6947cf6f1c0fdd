using System.Text.Json.Serialization.Metadata;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.Runs;

/// <summary>One kind of runs: where they are, and how they are shown.</summary>
internal sealed record RunKind<TRun> where TRun : Run
{
    /// <summary>What people call it.</summary>
    public required string Noun { get; init; }

    /// <summary>The list in the Api, without a leading slash.</summary>
    public required string Path { get; init; }

    /// <summary>The commands list, show and cancel of this kind are subcommands of this one.</summary>
    public required string Command { get; init; }

    /// <summary>The JSON of a run.</summary>
    public required JsonTypeInfo<TRun> Json { get; init; }

    /// <summary>The JSON of a list.</summary>
    public required JsonTypeInfo<Page<TRun>> PageJson { get; init; }

    /// <summary>How a list looks.</summary>
    public required IReadOnlyList<Column<TRun>> Columns { get; init; }

    /// <summary>Writes all that there is to know about one.</summary>
    public required Action<Terminal, TRun> Describe { get; init; }

    /// <summary>What it has done, in a sentence.</summary>
    public required Func<TRun, string> Outcome { get; init; }

    /// <summary>Where a run is in the Api.</summary>
    public string PathOf(Guid id) => $"{Path}/{id}";
}

/// <summary>The states of a run.</summary>
internal static class RunState
{
    /// <summary>Whether nothing more will happen.</summary>
    public static bool IsOver(string state) => state is "completed" or "failed" or "cancelled";

    /// <summary>What a state means to who reads it.</summary>
    public static Tone ToneOf(string state) => state switch
    {
        "completed" => Tone.Good,
        "failed" => Tone.Bad,
        "queued" or "paused" or "cancelled" => Tone.Waiting,
        _ => Tone.Plain,
    };

    /// <summary>Why a run does not move; null while it does.</summary>
    public static string? Standstill(string state) => state switch
    {
        "queued" => "queued",
        "paused" => "paused while live mail is late",
        _ => null,
    };
}
