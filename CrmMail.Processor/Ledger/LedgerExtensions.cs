using CrmMail.Processor.Merging;

namespace CrmMail.Processor.Ledger;

internal static class LedgerExtensions
{
    /// <summary>Past mail follows what happens to contacts.</summary>
    public static void AddLedger(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChangedMailboxes>();
        builder.Services.AddSingleton<LedgerTable>();
        builder.Services.AddMerging();
        builder.Services.AddSingleton<Unlinking>();
        builder.Services.AddSingleton<PastMail>();
        builder.Services.AddSingleton<LedgerService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LedgerService>());
    }
}
