using System.Globalization;
using System.Text;

namespace CrmMail.Cli.Console;

/// <summary>Results go to standard output, and what is said about them, such as progress, to standard error.</summary>
internal sealed class Terminal
{
    private const int DefaultWidth = 80;
    private const int LeastWidth = 40;

    /// <param name="output">Takes results as they are.</param>
    /// <param name="error">Takes all else.</param>
    public Terminal(Stream output, TextWriter error)
    {
        RawOut = output;
        Out = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        Error = error;
    }

    /// <summary>Standard output, byte by byte.</summary>
    public Stream RawOut { get; }

    /// <summary>Standard output.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Columns of the screen; 80 where there is none.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Whether standard output is in colour.</summary>
    public bool HasColour { get; init; }

    /// <summary>Whether a line on standard error can be written over.</summary>
    public bool CanRedraw { get; init; }

    /// <summary>Whether results go to a screen.</summary>
    public bool IsOutputToScreen { get; init; }

    /// <summary>That of this process.</summary>
    public static Terminal OfProcess()
    {
        var isPlain = System.Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var noColour = System.Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var toScreen = !System.Console.IsOutputRedirected;
        return new Terminal(System.Console.OpenStandardOutput(), System.Console.Error)
        {
            Width = ReadWidth(toScreen),
            HasColour = toScreen && !isPlain && !noColour,
            CanRedraw = !System.Console.IsErrorRedirected && !isPlain,
            IsOutputToScreen = toScreen,
        };
    }

    /// <summary>Text in a colour, where there are colours.</summary>
    public string Paint(string text, Tone tone) => (HasColour, tone) switch
    {
        (false, _) or (_, Tone.Plain) => text,
        (_, Tone.Good) => $"\e[32m{text}\e[0m",
        (_, Tone.Bad) => $"\e[31m{text}\e[0m",
        (_, Tone.Waiting) => $"\e[33m{text}\e[0m",
        _ => $"\e[1m{text}\e[0m",
    };

    /// <summary>COLUMNS says how wide a result is that goes into a file or a pipe.</summary>
    private static int ReadWidth(bool toScreen)
    {
        var width = toScreen ? System.Console.WindowWidth
            : int.TryParse(System.Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) ? columns
            : DefaultWidth;
        return width > 0 ? Math.Max(width, LeastWidth) : DefaultWidth;
    }
}

/// <summary>What a text means.</summary>
internal enum Tone
{
    /// <summary>Nothing in particular.</summary>
    Plain,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Something is wrong.</summary>
    Bad,

    /// <summary>Somebody waits.</summary>
    Waiting,
}
