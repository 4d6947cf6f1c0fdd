using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmMail.Cli.Audit;
using CrmMail.Cli.Console;

namespace CrmMail.Cli.DeadLetters;

/// <summary><c>crm-mail dead-letters show</c>.</summary>
internal static class LetterCommand
{
    // A terminal is no HTML page: letters of all scripts as they are. Printable takes care of the rest.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Of(CommandRunner runner)
    {
        var id = Parsed.Id("The letter's id");
        var command = new ExampleCommand("show", "Show a dead letter with its headers, its body and what was done with it", "dead-letters show 17", "dead-letters show 17 --json") { id };
        runner.Let(command, async (call, cancellationToken) =>
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{DeadLetterCommands.Path}/{call.Line.GetRequiredValue(id)}");
            call.Show(await call.Api.GetAsync(path, DeadLetterJson.Default.OpenedDeadLetter, cancellationToken), letter => Describe(call.Terminal, letter));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Describe(Terminal terminal, OpenedDeadLetter letter)
    {
        terminal.WriteFields(
            ("id", letter.Id.ToString(CultureInfo.InvariantCulture)),
            ("state", letter.State),
            ("reason", letter.Reason),
            ("detail", letter.Detail),
            ("fingerprint", letter.Fingerprint),
            ("account", letter.Account),
            ("source", letter.Source),
            ("event", letter.Event),
            ("event id", letter.EventId),
            ("correlation id", letter.CorrelationId),
            ("record", $"{letter.Topic} partition {letter.Partition} offset {letter.Offset}"),
            ("dead letter", $"partition {letter.DeadLetterPartition} offset {letter.DeadLetterOffset}"),
            ("failed", $"{Wording.Time(letter.FailedAt)}, first {Wording.Time(letter.FirstFailedAt)}"),
            ("attempts", $"{letter.Attempt}, requeued {Wording.Count(letter.Requeues, "time")}"),
            ("key", letter.KeyText),
            ("error", letter.Error));
        Section(terminal, "headers", letter.Headers is { Count: > 0 }, () => terminal.WriteFields(letter.Headers!.Select(header => ($"  {Printable.Line(header.Key)}", header.Value))));
        Section(terminal, $"body, {Wording.Count(letter.BodySize ?? 0, "byte")}", letter.Body is not null, () => terminal.Out.WriteLine(Printable.Lines(Indent(letter.Body!))));
        Section(terminal, $"body, {Wording.Count(letter.BodySize ?? 0, "byte")}, no text, in Base64", letter.BodyBase64 is not null, () => terminal.Out.WriteLine(letter.BodyBase64));
        Section(terminal, "what was done with it", letter.Audit is { Count: > 0 }, () => terminal.Write(AuditCommand.Columns, letter.Audit!));
    }

    private static void Section(Terminal terminal, string heading, bool isThere, Action write)
    {
        if (isThere)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(terminal.Paint(heading, Tone.Heading));
            write();
        }
    }

    /// <summary>JSON over several lines; anything else as it is.</summary>
    private static string Indent(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            using var indented = new MemoryStream();
            using (var writer = new Utf8JsonWriter(indented, Indented))
            {
                json.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(indented.ToArray());
        }
        catch (JsonException)
        {
            // That it is no JSON may be the very reason why it is here.
            return body;
        }
    }
}
