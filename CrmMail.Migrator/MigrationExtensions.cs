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
        services.AddOptions<PatienceOptions>().BindConfiguration("Migrator").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TopicOptions>().BindConfiguration("Topics").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ApiKeyOptions>().BindConfiguration("ApiKeys").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Patience>();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<ApiKeySeeder>();
        services.AddSingleton<TopicProvisioner>();
        services.AddSingleton<Migration>();
    }
}
