using CrmMail.Migrator;
using CrmMail.SystemTests.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmMail.SystemTests.Migrator;

/// <summary>What the process answers to the one who started it.</summary>
public sealed class MigrationTests(RunningApplication system)
{
    private const string Nobody = "Host=127.0.0.1;Port=1;Database=crm";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_ends_with_0_when_all_is_there_and_again_when_run_again()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:crm"] = database.ConnectionString,
            ["ConnectionStrings:kafka"] = await system.Application.GetConnectionStringAsync("kafka", Cancel),
        };
        foreach (var _ in Enumerable.Range(1, 2))
        {
            var (code, complaints) = await RunAsync(settings);
            Assert.Empty(complaints);
            Assert.Equal(0, code);
        }
    }

    public static TheoryData<string, string?, string> Faults => new()
    {
        { "ConnectionStrings:crm", null, "ConnectionStrings:crm names no PostgreSQL database. Set it to one, such as Host=localhost;Database=crm;Username=postgres." },
        { "ConnectionStrings:crm", "Hots=localhost", "ConnectionStrings:crm names no PostgreSQL database. Set it to one, such as Host=localhost;Database=crm;Username=postgres." },
        { "ConnectionStrings:crm", Nobody, "PostgreSQL cannot be reached: Failed to connect to 127.0.0.1:1. Start it, or correct ConnectionStrings:crm." },
        { "ConnectionStrings:kafka", " ", "ConnectionStrings:kafka names no Kafka. Set it to the bootstrap servers, such as localhost:9092." },
        { "Topics:Partitions", "0", "Topics:Partitions has to be from 1 to 10000." },
        { "Topics:Partitions", "many", "Failed to convert configuration value 'many' at 'Topics:Partitions' to type 'System.Int32'." },
        { "Topics:EventRetention", "-1", "Topics:EventRetention has to be a positive time span; leave it out to keep events for ever." },
        { "Migrator:Patience", "-00:00:01", "Migrator:Patience is negative. Set it to a time span, such as 00:02:00." },
        { "ApiKeys:Initial", "short", "ApiKeys:Initial needs at least 32 characters. Make a random one, such as that of: openssl rand -hex 32" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task It_ends_with_1_and_one_line_that_names_cause_and_cure(string setting, string? value, string line)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:crm"] = Nobody,
            ["ConnectionStrings:kafka"] = "127.0.0.1:1",
            ["Migrator:Patience"] = "00:00:00",
            [setting] = value,
        };
        var (code, complaints) = await RunAsync(settings);
        Assert.Equal([line], complaints);
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task It_ends_with_1_when_the_database_holds_a_newer_schema()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        await database.ExecuteAsync("insert into schema_migrations (version, name, checksum) values (9999, '9999_later.sql', '')", Cancel);
        var (code, complaints) = await RunAsync(new() { ["ConnectionStrings:crm"] = database.ConnectionString, ["ConnectionStrings:kafka"] = "127.0.0.1:1" });
        Assert.Equal(1, code);
        Assert.StartsWith("The database is at schema version 9999 (9999_later.sql)", Assert.Single(complaints), StringComparison.Ordinal);
    }

    /// <summary>Runs the migrator as its Program does; gives the exit code and what it had to complain of.</summary>
    private static async Task<(int Code, string[] Complaints)> RunAsync(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServers();
        builder.AddMigration();
        var log = new LineLogger<Migration>();
        builder.Services.AddSingleton<ILogger<Migration>>(log);
        using var host = builder.Build();
        return (await Migration.RunAsync(host), [.. log.Lines.Select(line => line.Replace("Critical: ", "", StringComparison.Ordinal))]);
    }
}
