using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace CrmMail.SystemTests.LocalMode;

[UnsupportedOSPlatform("windows")]
public sealed class BenchTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task All_that_is_measured_can_be_measured()
    {
        Assert.SkipUnless(IsOnPath("npm"), "npm is not installed: ./test system installs it.");
        using var deadline = new CancellationTokenSource(Deadline);
        var file = Path.Combine(Directory.CreateTempSubdirectory("bench-").FullName, "figures.json");

        var (exitCode, console) = await RunAsync(["--smoke", "--json", file], deadline.Token);

        Assert.True(exitCode == 0, $"./bench ended with {exitCode}:\n{console}");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, deadline.Token));
        var figures = json.RootElement.GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("name").GetString()!).ToList();
        Assert.All(
            (string[])["Ingest, ", "Processor, drain", "Webhook to timeline at 50 % of it: p95", "Drain, 12 partitions, 1 Processor", "Replay ", "Timeline of ", "Contacts of ", "Decode of "],
            start => Assert.Contains(figures, figure => figure.StartsWith(start, StringComparison.Ordinal)));
        Assert.All(json.RootElement.GetProperty("figures").EnumerateArray(), figure => Assert.True(figure.GetProperty("value").GetDouble() >= 0, console));
        Assert.Contains("ratio", console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("--events", "few")]
    public async Task What_is_not_understood_is_said_in_one_line(params string[] arguments)
    {
        Assert.SkipUnless(IsOnPath("npm"), "npm is not installed: ./test system installs it.");
        using var deadline = new CancellationTokenSource(Deadline);

        var (exitCode, console) = await RunAsync(["--smoke", .. arguments], deadline.Token);

        Assert.Equal(2, exitCode);
        Assert.Contains($"bench: {arguments[0]} is not understood", console, StringComparison.Ordinal);
    }

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<(int ExitCode, string Console)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "bench");
        using var bench = Process.Start(new ProcessStartInfo(script, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var (output, errors) = (bench.StandardOutput.ReadToEndAsync(cancellationToken), bench.StandardError.ReadToEndAsync(cancellationToken));
            await bench.WaitForExitAsync(cancellationToken);
            return (bench.ExitCode, await output + await errors);
        }
        finally
        {
            if (!bench.HasExited)
            {
                bench.Kill(entireProcessTree: true);
            }
        }
    }
}
