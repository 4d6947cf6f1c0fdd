using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Filtering;

internal static class FilteringExtensions
{
    /// <summary>The filters, by their settings; the rules themselves are read and checked here, before anything starts.</summary>
    public static void AddFilters(this IHostApplicationBuilder builder)
    {
        _ = FilterTable.Embedded;
        builder.Services.AddOptions<FilterOptions>().BindConfiguration(FilterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new FilterPolicy(services.GetRequiredService<IOptions<FilterOptions>>().Value));
    }
}
