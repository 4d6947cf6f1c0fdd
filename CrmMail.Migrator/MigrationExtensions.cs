using CrmMail.Contracts;
using CrmMail.Migrator.ApiKeys;
using CrmMail.Migrator.Topics;

namespace CrmMail.Migrator;

internal static class MigrationExtensions
{
    /// <summary>The steps, and their options.</summary>
    public static void AddMigration(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PatienceOptions>().BindConfiguration("Migrator")
            .Validate(options => options.Patience >= TimeSpan.Zero, "Migrator:Patience is negative. Set it to a time span, such as 00:02:00.")
            .ValidateOnStart();
        services.AddOptions<TopicOptions>().BindConfiguration("Topics")
            .Validate(topics => topics.Partitions is >= 1 and <= 10_000, "Topics:Partitions has to be from 1 to 10000.")
            .Validate(topics => topics.ReplicationFactor >= 1, "Topics:ReplicationFactor has to be 1 or more.")
            .Validate(topics => !(topics.EventRetention <= TimeSpan.Zero), "Topics:EventRetention has to be a positive time span; leave it out to keep events for ever.")
            .Validate(topics => !(topics.DeadLetterRetention <= TimeSpan.Zero), "Topics:DeadLetterRetention has to be a positive time span.")
            .ValidateOnStart();
        services.AddOptions<ApiKeyOptions>().BindConfiguration("ApiKeys")
            .Validate(keys => keys.Initial is null or { Length: >= ApiKeyHash.MinKeyLength },
                $"ApiKeys:Initial needs at least {ApiKeyHash.MinKeyLength} characters. Make a random one, such as that of: openssl rand -hex 32")
            .ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Patience>();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<ApiKeySeeder>();
        services.AddSingleton<TopicProvisioner>();
        services.AddSingleton<RetentionRecorder>();
        services.AddSingleton<Migration>();
    }
}
