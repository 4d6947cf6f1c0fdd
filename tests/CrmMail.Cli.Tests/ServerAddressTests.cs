using CrmMail.Cli.Http;
using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>Where a command goes, and with which key.</summary>
public sealed class ServerAddressTests : IDisposable
{
    private readonly string _runFile = Path.GetTempFileName();

    public ServerAddressTests() => File.WriteAllText(_runFile, """{"api":"http://localhost:5280","apiKey":"run-key","postgres":"Host=localhost"}""");

    [Theory]
    [InlineData("http://option", "option-key", "http://variable", "variable-key", "http://option/", "option-key")]
    [InlineData(null, null, "http://variable", "variable-key", "http://variable/", "variable-key")]
    [InlineData(null, null, null, null, "http://localhost:5280/", "run-key")]
    [InlineData(null, "option-key", null, null, "http://localhost:5280/", "option-key")]
    [InlineData("http://localhost:5280/", null, null, null, "http://localhost:5280/", "run-key")]
    [InlineData("https://elsewhere/behind/a/proxy", "option-key", null, null, "https://elsewhere/behind/a/proxy/", "option-key")]
    public void What_is_said_nearer_wins(string? url, string? key, string? urlVariable, string? keyVariable, string expectedUrl, string expectedKey)
    {
        var address = ServerAddress.Find(url, key, Surroundings(urlVariable, keyVariable));

        Assert.Equal((expectedUrl, expectedKey), (address.Url.ToString(), address.Key));
    }

    [Fact]
    public void The_key_of_this_checkout_goes_to_no_other_address() =>
        Assert.Contains("a key is needed", Assert.Throws<UsageException>(() => ServerAddress.Find("http://elsewhere", null, Surroundings(null, null))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_run_file_that_cannot_be_read_is_named()
    {
        File.WriteAllText(_runFile, "{");

        Assert.StartsWith(_runFile, Assert.Throws<UsageException>(() => ServerAddress.Find(null, null, Surroundings(null, null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_address_the_command_says_how_to_give_one()
    {
        var run = await CommandLineRun.ExecuteAsync("audit", server: null);

        Assert.Equal((2, "crm-mail: where is the Api? Say it by --url or CRM_MAIL_URL, or start everything in this checkout: ./run.\n"), (run.ExitCode, run.Error));
    }

    public void Dispose() => File.Delete(_runFile);

    private Surroundings Surroundings(string? url, string? key) => new()
    {
        Terminal = new(Stream.Null, TextWriter.Null),
        Time = TimeProvider.System,
        Variable = name => name switch { "CRM_MAIL_URL" => url, "CRM_MAIL_KEY" => key, _ => null },
        RunFile = _runFile,
    };
}
