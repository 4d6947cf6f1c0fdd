using System.CommandLine;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;

namespace CrmMail.Cli.DeadLetters;

/// <summary><c>crm-mail dead-letters export</c>.</summary>
internal static class ExportCommand
{
    public static Command Of(CommandRunner runner)
    {
        var output = Parsed.Text("--output", "The file, which its owner alone can read; standard output if not given", "file");
        var command = new ExampleCommand(
            "export",
            "Write dead letters with headers and bodies, one JSON object per line",
            "dead-letters export --state open --output letters.ndjson",
            "dead-letters export --reason schema") { output };
        var filter = new FilterOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var path = filter.AddTo(new Query(), call.Line).On($"{DeadLetterCommands.Path}/export");
            using var response = await call.Api.OpenAsync(path, cancellationToken);
            await using var lines = new ExportedLines(await response.Content.ReadAsStreamAsync(cancellationToken));
            if (call.Line.GetValue(output) is { } file)
            {
                await WriteFileAsync(call, lines, Path.GetFullPath(file), cancellationToken);
            }
            else
            {
                await WriteAsync(call, lines, call.Terminal.RawOut, cancellationToken);
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The file has its name only once it is whole.</summary>
    private static async Task WriteFileAsync(Call call, ExportedLines lines, string file, CancellationToken cancellationToken)
    {
        var partial = file + ".partial";
        try
        {
            long letters;
            await using (var stream = Create(partial))
            {
                letters = await WriteAsync(call, lines, stream, cancellationToken);
            }

            File.Move(partial, file, overwrite: true);
            call.Terminal.Error.WriteLine($"{Wording.Count(letters, "dead letter")} in {file}");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new UsageException($"{file} cannot be written ({exception.Message.TrimEnd('.')}): choose another one by --output");
        }
        finally
        {
            DeleteIfThere(partial);
        }
    }

    /// <summary>Mails are in it.</summary>
    private static FileStream Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        DeleteIfThere(file);
        return new FileStream(file, options);
    }

    private static void DeleteIfThere(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    private static async Task<long> WriteAsync(Call call, ExportedLines lines, Stream output, CancellationToken cancellationToken)
    {
        var progress = new Progress("export", call.Terminal, call.Time);
        var letters = 0L;
        try
        {
            while (await lines.ReadAsync(cancellationToken) is { } line)
            {
                await output.WriteAsync(line, cancellationToken);
                progress.Report(new Measured(++letters, null));
            }

            await output.FlushAsync(cancellationToken);
            return letters;
        }
        finally
        {
            progress.Clear();
        }
    }
}
