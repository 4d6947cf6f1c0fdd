using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Filtering;

/// <summary>
/// The rules by which mails are told apart, from <c>filter-rules.json</c> (docs/filters.md). A mail is looked at while it is decoded: each
/// header and field that a rule names is tested where it lies, and what is left of it are bits.
/// </summary>
internal sealed class FilterTable
{
    // No value that tells anything is longer.
    private const int MaxValueBytes = 2048;

    private readonly List<(byte[] Name, List<FilterCondition> Conditions)> _headers = [];
    private readonly Dictionary<MailField, List<FilterCondition>> _fields = [];
    private readonly FilterRule[] _rules;

    /// <summary>Compiles the rules of a file.</summary>
    /// <exception cref="InvalidDataException">Something in it means nothing; the message says what.</exception>
    public FilterTable(FilterFile file)
    {
        var signs = new Dictionary<string, MailSigns>(StringComparer.Ordinal);
        var exceptions = new Dictionary<string, MailSigns>(StringComparer.Ordinal);
        foreach (var (name, conditions) in file.Exceptions)
        {
            exceptions.Add(name, Compile($"The exception \"{name}\"", conditions, signs));
        }

        _rules = [.. file.Rules.Select(rule => Compile(rule, exceptions, signs))];
        ThrowIf(_rules.Length > sizeof(ulong) * 8, $"There are {_rules.Length} rules, and there is room for 64.");
        ThrowIf(_rules.DistinctBy(rule => rule.Name).Count() < _rules.Length, "Two rules have the same name.");
    }

    /// <summary>The rules of this program.</summary>
    public static FilterTable Embedded { get; } = ReadEmbedded();

    public IReadOnlyList<FilterRule> Rules => _rules;

    /// <summary>The headers that the rules name, which EmailEngine has to be asked for (<c>notifyHeaders</c>).</summary>
    public IEnumerable<string> Headers => _headers.Select(header => Encoding.ASCII.GetString(header.Name));

    /// <summary>The signs in a header.</summary>
    /// <param name="reader">Stands on its name; a copy, which may read on.</param>
    public MailSigns SignsInHeader(Utf8JsonReader reader)
    {
        foreach (var (name, conditions) in _headers)
        {
            if (Ascii.EqualsIgnoreCase(reader.ValueSpan, name))
            {
                reader.Read();
                return SignsIn(ref reader, conditions);
            }
        }

        return default;
    }

    /// <summary>The signs in the text on which the reader stands; a copy.</summary>
    public MailSigns SignsInField(MailField field, Utf8JsonReader reader) =>
        _fields.TryGetValue(field, out var conditions) ? SignsInText(ref reader, conditions, 0) : default;

    /// <summary>The signs in a text.</summary>
    public MailSigns SignsInField(MailField field, ReadOnlySpan<char> text) =>
        _fields.TryGetValue(field, out var conditions) ? SignsInText(conditions, text, 0) : default;

    /// <summary>The rules that find a mail with these signs.</summary>
    public MatchedRules Match(MailSigns signs)
    {
        var (rules, tags) = (0UL, default(MailTags));
        for (var at = 0; at < _rules.Length && !signs.IsEmpty; at++)
        {
            if (_rules[at].Finds(signs, tags))
            {
                (rules, tags) = (rules | (1UL << at), tags.With(_rules[at].Tag));
            }
        }

        return new MatchedRules(rules, tags);
    }

    /// <summary>The tags of every mail from an address that begins like that, before the <c>@</c>.</summary>
    public MailTags TagsOfSender(ReadOnlySpan<char> local) => Match(SignsInField(MailField.Sender, local)).Tags;

    /// <summary>The names of rules, in the order of their text.</summary>
    public string[] NamesOf(ulong rules)
    {
        var names = new List<string>();
        for (var at = 0; at < _rules.Length; at++)
        {
            if ((rules & (1UL << at)) != 0)
            {
                names.Add(_rules[at].Name);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }

    private static FilterTable ReadEmbedded()
    {
        using var file = typeof(FilterTable).Assembly.GetManifestResourceStream("filter-rules.json")!;
        return new FilterTable(FilterFile.Parse(file));
    }

    /// <summary>A header may be a text, or an array of texts: a mail may repeat it.</summary>
    private static MailSigns SignsIn(ref Utf8JsonReader reader, List<FilterCondition> conditions)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return SignsInText(ref reader, conditions, 0);
        }

        var signs = default(MailSigns);
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            signs = signs.With(SignsInText(ref reader, conditions, index));
            reader.Skip();
        }

        return signs;
    }

    private static MailSigns SignsInText(ref Utf8JsonReader reader, List<FilterCondition> conditions, int index) =>
        JsonText.LookAt(ref reader, MaxValueBytes, (conditions, index), static (tested, text) => SignsInText(tested.conditions, text, tested.index)) ?? default;

    private static MailSigns SignsInText(List<FilterCondition> conditions, ReadOnlySpan<char> text, int index)
    {
        var signs = default(MailSigns);
        foreach (var condition in conditions)
        {
            signs = signs.With(condition.SignOf(text, index));
        }

        return signs;
    }

    private FilterRule Compile(RuleEntry rule, Dictionary<string, MailSigns> exceptions, Dictionary<string, MailSigns> signs)
    {
        var what = $"The rule \"{rule.Name}\"";
        ThrowIf(rule.Name.Length == 0 || !rule.Name.All(character => char.IsAsciiLetterLower(character) || character == '-'), $"{what} needs a name of lower-case letters and hyphens.");
        ThrowIf(rule.When.Count == 0, $"{what} has no condition.");
        ThrowIf(string.IsNullOrWhiteSpace(rule.Source), $"{what} has no source.");
        var except = default(MailSigns);
        foreach (var name in rule.Except ?? [])
        {
            ThrowIf(!exceptions.TryGetValue(name, out var exception), $"{what} names \"{name}\", which is no exception.");
            except = except.With(exception);
        }

        var exceptTags = (rule.ExceptTags ?? []).Aggregate(default(MailTags), (tags, tag) => tags.With(TagOf(what, tag)));
        return new FilterRule(rule.Name, TagOf(what, rule.Tag), Compile(what, rule.When, signs), except, exceptTags);
    }

    /// <summary>The signs of the conditions. The same condition has the same sign wherever it stands.</summary>
    private MailSigns Compile(string what, IReadOnlyList<ConditionEntry> conditions, Dictionary<string, MailSigns> signs)
    {
        var all = default(MailSigns);
        foreach (var entry in conditions)
        {
            var text = JsonSerializer.Serialize(entry, FilterFileJson.Default.ConditionEntry);
            if (!signs.TryGetValue(text, out var sign))
            {
                ThrowIf(signs.Count == sizeof(ulong) * 8, "There are more than 64 different conditions.");
                signs.Add(text, sign = new MailSigns(1UL << signs.Count));
                var condition = FilterCondition.Of(entry, sign) ?? throw new InvalidDataException($"{what} has a condition that needs exactly one test, with a value: {text}");
                ConditionsOf(what, entry, text).Add(condition);
            }

            all = all.With(sign);
        }

        return all;
    }

    private List<FilterCondition> ConditionsOf(string what, ConditionEntry entry, string text)
    {
        ThrowIf((entry.Header is null) == (entry.Field is null), $"{what} has a condition that needs a header or a field: {text}");
        if (entry.Header is { } header)
        {
            ThrowIf(header.Length == 0 || !header.All(character => char.IsAsciiLetterLower(character) || character == '-'), $"{what} names the header \"{header}\": lower-case letters and hyphens.");
            var name = Encoding.ASCII.GetBytes(header);
            var known = _headers.Find(known => known.Name.AsSpan().SequenceEqual(name)).Conditions;
            if (known is null)
            {
                _headers.Add((name, known = []));
            }

            return known;
        }

        ThrowIf(!StableText.TryParse<MailField>(entry.Field, out var field), $"{what} names the field \"{entry.Field}\", which there is not.");
        if (!_fields.TryGetValue(field, out var conditions))
        {
            _fields.Add(field, conditions = []);
        }

        return conditions;
    }

    private static MailTag TagOf(string what, string text) =>
        StableText.TryParse<MailTag>(text, out var tag) ? tag : throw new InvalidDataException($"{what} names the tag \"{text}\", which there is not.");

    private static void ThrowIf(bool isWrong, string message)
    {
        if (isWrong)
        {
            throw new InvalidDataException($"filter-rules.json: {message}");
        }
    }
}
