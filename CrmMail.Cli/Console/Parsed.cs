using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CrmMail.Cli.Console;

/// <summary>Options and arguments whose text is read here, so that what is wrong with it is said in words of the command line.</summary>
internal static class Parsed
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>A whole number from a least to a largest one.</summary>
    public static Option<long?> Number(string name, string description, long least = 1, long most = long.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result => Read<long>(result, TryNumber) is { } number && number >= least && number <= most
            ? number
            : Fail<long?>(result, most == long.MaxValue ? $"{name} is a number from {least} on" : $"{name} is a number from {least} to {most}"),
    };

    /// <summary>A time; without a zone it is one of UTC.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result => Read<DateTimeOffset>(result, TryTime)
            ?? Fail<DateTimeOffset?>(result, $"{name} is a time, such as 2026-11-26, 2026-11-26T09:00 (UTC) or 2026-11-26T09:00:00+01:00"),
    };

    /// <summary>A text.</summary>
    public static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    /// <summary>One of some words.</summary>
    public static Option<string?> Word(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !words.Contains(token.Value))
            {
                result.AddError($"{name} is {string.Join(", ", words[..^1])} or {words[^1]}, not '{token.Value}'");
            }
        });
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>Something that is or is not wanted.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>The id of a run.</summary>
    public static Argument<Guid> RunId(string noun) => new("id")
    {
        Description = $"The {noun}'s id",
        CustomParser = result => Read<Guid>(result, Guid.TryParse) ?? Fail<Guid>(result, $"the id of a {noun} looks like 0198d5a5-7c00-7000-8000-0242ac120003"),
    };

    /// <summary>A number that names something.</summary>
    public static Argument<long> Id(string description) => new("id")
    {
        Description = description,
        CustomParser = result => Read<long>(result, TryNumber) ?? Fail<long>(result, "an id is a number"),
    };

    /// <summary>Numbers that name something, or none.</summary>
    public static Argument<long[]> Ids(string description) => new("id")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => result.Tokens.Select(token => TryNumber(token.Value, out var id) ? id : -1).ToArray() is var ids && ids.All(id => id >= 0)
            ? ids
            : Fail<long[]>(result, "an id is a number") ?? [],
    };

    private static T? Read<T>(ArgumentResult result, TryParse<T> parse) where T : struct => parse(result.Tokens[0].Value, out var value) ? value : null;

    private static T? Fail<T>(ArgumentResult result, string error)
    {
        result.AddError($"{error}, not '{string.Join(' ', result.Tokens.Select(token => token.Value))}'");
        return default;
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
