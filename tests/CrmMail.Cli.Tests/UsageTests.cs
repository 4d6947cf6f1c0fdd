using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>A command line that is wrong sends nothing, and is answered by one line.</summary>
public sealed class UsageTests
{
    private const string Secret = "q3V1c2VkLW9ubHktaGVyZS1hcy1hbi1leGFtcGxlLWtleQ";

    [Theory]
    [InlineData("", "a command is needed: see crm-mail --help")]
    [InlineData("replay", "a command is needed: see crm-mail replay --help")]
    [InlineData("repaly", "there is no command or option repaly: see crm-mail --help")]
    [InlineData("replay list --all", "there is no command or option --all: see crm-mail replay list --help")]
    [InlineData("replay start", "say which events: --since, --from and --to, --offsets, or --all")]
    [InlineData("replay start --all --since 1h", "--all, or a range: not both")]
    [InlineData("replay start --since 1h --mode undo", "--mode is verify, fill or rebuild, not 'undo': see crm-mail replay start --help")]
    [InlineData("replay start --offsets 3", "--offsets are a partition and its first and last offset, such as 3:100-200, once per partition, not '3': see crm-mail replay start --help")]
    [InlineData("replay start --offsets 3:9-8", "--offsets are a partition and its first and last offset, such as 3:100-200, once per partition, not '3:9-8': see crm-mail replay start --help")]
    [InlineData("replay start --offsets 3:1-2 3:5-6", "--offsets are a partition and its first and last offset, such as 3:100-200, once per partition, not '3:5-6': see crm-mail replay start --help")]
    [InlineData("replay start --since 1h --partitions 1,x", "--partitions are numbers with commas, such as 0,3,7, not 'x': see crm-mail replay start --help")]
    [InlineData("replay start --from 26/11/2026", "--from is a time, such as 2026-11-26, 2026-11-26T09:00 (UTC) or 2026-11-26T09:00:00+01:00, not '26/11/2026': see crm-mail replay start --help")]
    [InlineData("replay show 17", "the id of a replay looks like 0198d5a5-7c00-7000-8000-0242ac120003, not '17': see crm-mail replay show --help")]
    [InlineData("dead-letters requeue", "say which letters to requeue: ids, conditions such as --reason or --fingerprint, or --all")]
    [InlineData("dead-letters requeue --state open", "say which letters to requeue: ids, conditions such as --reason or --fingerprint, or --all")]
    [InlineData("dead-letters discard 17 --all", "--all, or ids and conditions: not both")]
    [InlineData("dead-letters requeue --all --rate 0", "--rate is a number from 1 to 10000, not '0': see crm-mail dead-letters requeue --help")]
    [InlineData("dead-letters show x", "an id is a number, not 'x': see crm-mail dead-letters show --help")]
    [InlineData("dead-letters list --limit 500", "--limit is a number from 1 to 200, not '500': see crm-mail dead-letters list --help")]
    [InlineData("reconcile", "say which account, or --all")]
    [InlineData("reconcile amy --all", "an account, or --all: not both")]
    [InlineData("audit --url ftp://x", "the address of the Api is no http or https URL, such as http://localhost:5280")]
    public async Task A_wrong_command_line_is_named_and_nothing_is_sent(string line, string message)
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Nothing));

        var run = await CommandLineRun.ExecuteAsync(line, server);

        Assert.Equal((2, "", $"crm-mail: {message}.\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData($"--kye {Secret} replay list")]
    [InlineData($"replay list {Secret}")]
    [InlineData($"replay list --key {Secret} {Secret}")]
    [InlineData($"replay list --key {Secret} --key")]
    [InlineData($"audit --key {Secret} --url nowhere")]
    [InlineData($"audit --key {Secret}\u00e9 --url http://localhost:1")]
    [InlineData($"[diagram] audit --key {Secret} --url http://localhost:1")]
    [InlineData($"audit --key {Secret} --url http://127.0.0.1:1")]
    public async Task A_key_is_never_shown(string line)
    {
        var run = await CommandLineRun.ExecuteAsync(line, server: null);

        Assert.NotEqual(0, run.ExitCode);
        Assert.NotEqual("", run.Error);
        Assert.DoesNotContain(Secret, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_dry_run_proposes_has_no_key_in_it()
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Plan));

        var run = await CommandLineRun.ExecuteAsync($"dead-letters requeue --key={Secret} --reason it's --url {server.Url}", server);

        Assert.EndsWith($"\n  crm-mail dead-letters requeue --reason 'it'\\''s' --url {server.Url} --execute\n", run.Out, StringComparison.Ordinal);
    }
}
