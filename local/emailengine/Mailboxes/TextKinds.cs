namespace EmailEngineSimulator.Mailboxes;

/// <summary>Which texts of a message are asked for: the argument <c>textType</c>.</summary>
internal readonly record struct TextKinds(bool Plain, bool Html)
{
    public static TextKinds None => default;

    public static TextKinds All => new(true, true);

    public static TextKinds Parse(string? textType) => textType switch
    {
        "*" => All,
        "plain" => new TextKinds(true, false),
        "html" => new TextKinds(false, true),
        _ => None,
    };
}
