using System.Diagnostics;

namespace KafkaConformance.Tests.Brokers;

/// <summary>Runs a program to its end.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <returns>What it wrote to its standard output; fails if it failed.</returns>
    public static async Task<string> RunAsync(ProcessStartInfo program, string? input = null)
    {
        program.RedirectStandardInput = program.RedirectStandardOutput = program.RedirectStandardError = true;
        using var process = Process.Start(program)!;
        using var deadline = new CancellationTokenSource(Deadline);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program.FileName} did not end within {Deadline.TotalSeconds} s:\n{await output}\n{await errors}");
        }

        Assert.True(process.ExitCode == 0, $"{program.FileName} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }

    /// <summary>Where a program is installed; null if it is not.</summary>
    public static string? Find(string name) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
