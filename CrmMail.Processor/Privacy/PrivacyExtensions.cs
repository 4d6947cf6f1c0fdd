using CrmMail.Contracts;
using CrmMail.Processor.Bodies;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Privacy;

internal static class PrivacyExtensions
{
    /// <summary>What of mails is stored.</summary>
    public static void AddPrivacy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RedactionOptions>().BindConfiguration(RedactionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new Redactor(services.GetRequiredService<IOptions<RedactionOptions>>().Value));
        builder.Services.AddOptions<ErasureOptions>().BindConfiguration(ErasureOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new AddressHashes(services.GetRequiredService<IOptions<ErasureOptions>>().Value));
        builder.Services.AddOptions<BodyOptions>().BindConfiguration(BodyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new MasterKeys(services.GetRequiredService<IOptions<BodyOptions>>().Value));
        builder.Services.AddSingleton<BodyStages>();
        builder.Services.AddHostedService<BodyJanitor>();
        builder.Services.AddSingleton<KeyRotation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<KeyRotation>());
        builder.Services.AddSingleton<StorageRunWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StorageRunWorker>());
    }
}
