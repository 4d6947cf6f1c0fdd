using System.Diagnostics;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Tests;

/// <summary>A wrong setting ends the start and is named; a secret is never shown.</summary>
public sealed class SettingsTests
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Webhooks:Secrets:0", null, "Webhooks:Secrets has 0 secrets; it must have 1 to 4.")]
    [InlineData("Webhooks:Secrets:0", "", "Webhooks:Secrets:0 is blank; it must be EmailEngine's serviceSecret.")]
    [InlineData("Webhooks:Secrets:1", " ", "Webhooks:Secrets:1 is blank; it must be EmailEngine's serviceSecret.")]
    [InlineData("Webhooks:Instances:second:Secrets:0", "", "Webhooks:Instances:second:Secrets:0 is blank; it must be EmailEngine's serviceSecret.")]
    [InlineData("Limits:AllowedNetworks:0", "10.0.0.0/33", "Limits:AllowedNetworks:0 is \"10.0.0.0/33\"; it must be an address or a network such as 10.0.0.0/8 or fd00::/8.")]
    [InlineData("Limits:KnownProxies:0", "proxy.example.com", "Limits:KnownProxies:0 is \"proxy.example.com\"; it must be an address or a network such as 10.0.0.0/8 or fd00::/8.")]
    [InlineData("Limits:MaxBodyBytes", "0", "Limits:MaxBodyBytes is 0; it must be at least 1.")]
    [InlineData("Limits:MaxRecordBodyBytes", "0", "Limits:MaxRecordBodyBytes is 0; it must be at least 1.")]
    [InlineData("Limits:MaxRecordBodyBytes", "1048577", "Limits:MaxRecordBodyBytes is 1048577; it must be at most 1048576.")]
    [InlineData("Limits:MaxReceivingBytes", "1000", "Limits:MaxReceivingBytes is 1000; it must be at least 26214400.")]
    [InlineData("Limits:MaxInFlightRequests", "0", "Limits:MaxInFlightRequests is 0; it must be at least 1.")]
    [InlineData("Limits:MaxInFlightRequests", "2000000000", "Limits:MaxInFlightRequests is 2000000000; it must be at most 100000.")]
    [InlineData("Limits:MaxInFlightBytes", "1000", "Limits:MaxInFlightBytes is 1000; it must be at least 26214400.")]
    [InlineData("Limits:MaxInFlightBytes", "1073741825", "Limits:MaxInFlightBytes is 1073741825; it must be at most 1073741824.")]
    [InlineData("Limits:RequestsPerSecond", "-1", "Limits:RequestsPerSecond is -1; it must be at least 1.")]
    [InlineData("Limits:RequestBurst", "0", "Limits:RequestBurst is 0; it must be at least 1.")]
    [InlineData("Limits:MaxConcurrentConnections", "0", "Limits:MaxConcurrentConnections is 0; it must be at least 1.")]
    [InlineData("Limits:ReceiveTimeout", "00:00:00", "Limits:ReceiveTimeout is 00:00:00; it must be above zero and at most 00:05:00, as hh:mm:ss.")]
    [InlineData("Limits:ReceiveTimeout", "20", "Limits:ReceiveTimeout is 20.00:00:00; it must be above zero and at most 00:05:00, as hh:mm:ss.")]
    public async Task A_wrong_setting_is_named(string setting, string? value, string message)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningIngest.StartAsync((setting, value)));

        Assert.Equal(message, wrong.Message);
    }

    [Fact]
    public async Task There_are_at_most_four_secrets()
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(
            () => RunningIngest.StartAsync([.. Enumerable.Range(0, 5).Select(i => ($"Webhooks:Secrets:{i}", (string?)$"secret-{i}"))]));

        Assert.Equal("Webhooks:Secrets has 5 secrets; it must have 1 to 4.", wrong.Message);
    }

    [Fact]
    public async Task A_secret_that_can_be_guessed_is_taken_and_the_log_says_so()
    {
        await using var ingest = await RunningIngest.StartAsync();

        ingest.Settings.Change(("Webhooks:Secrets:0", "fifteen-letters"));
        Assert.Contains(ingest.Logs.All, line => line.Text.StartsWith("A webhook secret has fewer than 16 characters", StringComparison.Ordinal));

        ingest.Logs.Clear();
        ingest.Settings.Change(("Webhooks:Secrets:0", "sixteen--letters"));
        Assert.DoesNotContain(ingest.Logs.All, line => line.Text.StartsWith("A webhook secret has", StringComparison.Ordinal));
    }

    /// <summary>The program itself, for what goes wrong while it is put together.</summary>
    [Theory]
    [InlineData("Limits__MaxBodyBytes", "many", "Failed to convert configuration value 'many' at 'Limits:MaxBodyBytes' to type 'System.Int32'.")]
    [InlineData("Limits__ReceiveTimeout", "20", "Limits:ReceiveTimeout is 20.00:00:00; it must be above zero and at most 00:05:00, as hh:mm:ss.")]
    [InlineData("Webhooks__Secrets__0", " ", "Webhooks:Secrets:0 is blank; it must be EmailEngine's serviceSecret.")]
    [InlineData("ConnectionStrings__kafka", null, "No bootstrap servers configured. Set 'ConnectionStrings:kafka' or 'Aspire:Confluent:Kafka:Producer:ConnectionString'.")]
    [InlineData("ConnectionStrings__crm", null, "ConnectionString is missing. Set 'ConnectionStrings:crm' or 'Aspire:Npgsql:ConnectionString'.")]
    [InlineData("Aspire__Confluent__Kafka__Producer__Config__LingerMs", "-5", "Configuration property \"queue.buffering.max.ms\" value -5 is outside allowed range 0..900000")]
    public async Task The_program_ends_with_one_line_and_an_exit_code(string variable, string? value, string message)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CrmMail.Ingest.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["ConnectionStrings__kafka"] = "127.0.0.1:1",
                ["ConnectionStrings__crm"] = "Host=127.0.0.1",
                ["Webhooks__Secrets__0"] = "a-long-secret-of-the-tests",
                ["Logging__LogLevel__Aspire.Confluent.Kafka"] = "None",
                [variable] = value,
            },
        };
        using var program = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(StartDeadline);
        var output = program.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = program.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await program.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!program.HasExited)
            {
                program.Kill();
            }
        }

        Assert.Equal(1, program.ExitCode);
        Assert.Equal($"crit: CrmMail.Ingest[1]\n      {message}\n", await output);
        Assert.Empty(await error);
    }
}
