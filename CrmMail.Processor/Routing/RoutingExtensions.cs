using CrmMail.Contracts;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Routing;

internal static class RoutingExtensions
{
    /// <summary>The addresses by which mail is routed.</summary>
    public static void AddRouting(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RoutingOptions>().BindConfiguration(RoutingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new RoutingAddresses(services.GetRequiredService<IOptions<RoutingOptions>>().Value));
    }
}
