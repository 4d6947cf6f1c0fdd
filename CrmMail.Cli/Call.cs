using System.CommandLine;
using System.Text.RegularExpressions;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;

namespace CrmMail.Cli;

/// <summary>A command line that is being carried out.</summary>
internal sealed partial class Call(ParseResult line, OperationsApi api, bool isJson, Surroundings surroundings)
{
    public ParseResult Line => line;

    public OperationsApi Api => api;

    public Terminal Terminal => surroundings.Terminal;

    public TimeProvider Time => surroundings.Time;

    /// <summary>By which name the program is called.</summary>
    public string Program => surroundings.Program;

    /// <summary>Shows an answer: as it came, or in words.</summary>
    public void Show<T>(Answer<T> answer, Action<T> describe)
    {
        if (isJson)
        {
            WriteJson(answer.Json);
        }
        else
        {
            describe(answer.Value);
        }
    }

    /// <summary>Says something about the result; not where a program reads it.</summary>
    public void Remark(string text)
    {
        if (!isJson)
        {
            Terminal.Out.WriteLine(text);
        }
    }

    /// <summary>How to have done what this command line has only tried.</summary>
    public void ProposeExecute() => Remark($"This was a dry run: nothing was changed. To do it:\n  {Program} {WithExecute()}");

    /// <summary>The same command line, without the key, and with --execute.</summary>
    private string WithExecute()
    {
        var words = new List<string>();
        var isKey = false;
        foreach (var token in line.Tokens)
        {
            if (token.Value == GlobalOptions.KeyName)
            {
                isKey = true;
            }
            else if (!isKey)
            {
                words.Add(Quote(token.Value));
            }
            else
            {
                isKey = false;
            }
        }

        var end = words.IndexOf("--");
        words.Insert(end < 0 ? words.Count : end, "--execute");
        return string.Join(' ', words);
    }

    /// <summary>As a shell takes it.</summary>
    private static string Quote(string word) => NeedsNoQuotes().IsMatch(word) ? word : $"'{Printable.Line(word).Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private void WriteJson(byte[] json)
    {
        Terminal.RawOut.Write(json);
        if (json is not [.., (byte)'\n'])
        {
            Terminal.RawOut.WriteByte((byte)'\n');
        }

        Terminal.RawOut.Flush();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_@%+=:,./-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex NeedsNoQuotes();
}
