namespace CrmMail.Ingest.Spill;

internal static class SpillExtensions
{
    public static void AddSpilledBodies(this IHostApplicationBuilder builder)
    {
        // No check of PostgreSQL: only the rare large body needs it, and is answered with 503 while it is away.
        builder.AddNpgsqlDataSource("crm", settings => settings.DisableHealthChecks = true);
        builder.Services.AddSingleton<ISpilledBodyStore, SpilledBodyStore>();
    }
}
