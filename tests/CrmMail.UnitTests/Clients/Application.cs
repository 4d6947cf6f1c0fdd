using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CrmMail.UnitTests.Clients;

/// <summary>An application whose whole configuration is what the test says.</summary>
internal static class Application
{
    public static HostApplicationBuilder With(params (string Key, string? Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(
            configuration.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        return builder;
    }
}
