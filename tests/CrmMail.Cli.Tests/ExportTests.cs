using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>An export is whole, or it failed.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Lines = """
        {"id":17,"body":"{}"}
        {"id":18,"body":"{\"problem\":1}"}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("crm-mail-").FullName;

    private string Target => Path.Combine(_folder, "letters.ndjson");

    [Fact]
    public async Task An_export_is_the_servers_own_to_the_byte()
    {
        await using var server = await FakeServer.StartAsync(Exported(Lines));

        var run = await CommandLineRun.ExecuteAsync("dead-letters export --reason schema", server);

        Assert.Equal((0, Lines, ""), (run.ExitCode, run.Out, run.Error));
        Assert.Equal("GET /api/dead-letters/export?reason=schema", Assert.Single(server.Requests).Line);
    }

    [Fact]
    public async Task A_file_is_for_its_owner_alone()
    {
        await using var server = await FakeServer.StartAsync(Exported(Lines));

        var run = await CommandLineRun.ExecuteAsync($"dead-letters export --output {Target}", server);

        Assert.Equal((0, "", $"2 dead letters in {Target}\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Equal(Lines, await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal([Target], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        }
    }

    [Theory]
    [InlineData("""{"problem":{"type":"https://crmmail.dev/problems/kafka-unavailable","title":"Kafka does not answer.","status":503}}""" + "\n", "the export broke off: Kafka does not answer: start it again")]
    [InlineData("""{"id":19,"bo""", "the export broke off within a letter: start it again")]
    public async Task An_export_that_broke_off_leaves_no_file(string end, string message)
    {
        await File.WriteAllTextAsync(Target, "an earlier one", TestContext.Current.CancellationToken);
        await using var server = await FakeServer.StartAsync(Exported(Lines + end));

        var run = await CommandLineRun.ExecuteAsync($"dead-letters export --output {Target}", server);

        Assert.Equal((1, "", $"crm-mail: {message}.\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Equal([Target], Directory.GetFiles(_folder));
        Assert.Equal("an earlier one", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        await using var server = await FakeServer.StartAsync(Exported(Lines));
        var target = Path.Combine(_folder, "nowhere", "letters.ndjson");

        var run = await CommandLineRun.ExecuteAsync($"dead-letters export --output {target}", server);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"crm-mail: {target} cannot be written", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static FakeAnswer Exported(string lines) => new(lines, ContentType: "application/x-ndjson");
}
