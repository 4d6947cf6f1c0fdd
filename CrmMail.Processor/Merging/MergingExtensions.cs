namespace CrmMail.Processor.Merging;

internal static class MergingExtensions
{
    /// <summary>Mails follow when contacts are merged.</summary>
    public static void AddMerging(this IServiceCollection services)
    {
        services.AddSingleton<MergeTable>();
        services.AddSingleton<MailPages>();
        services.AddSingleton<LinkMove>();
        services.AddSingleton<LinkReturn>();
        services.AddSingleton<MailRoutes>();
        services.AddSingleton<Merges>();
    }
}
