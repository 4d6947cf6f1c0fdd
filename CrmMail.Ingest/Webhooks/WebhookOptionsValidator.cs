using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Webhooks;

/// <summary>Finds wrong settings and says which, without showing a secret.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    internal const int MaxSecrets = 4;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var result = new ValidateOptionsResultBuilder();

        // With instances alone, the address without a name may be closed.
        if (options.Secrets.Count > 0 || options.Instances.Count == 0)
        {
            CheckSecrets("Webhooks:Secrets", options.Secrets, result);
        }

        foreach (var (instance, instanceOptions) in options.Instances)
        {
            CheckSecrets($"Webhooks:Instances:{instance}:Secrets", instanceOptions.Secrets, result);
        }

        return result.Build();
    }

    private static void CheckSecrets(string setting, IList<string> secrets, ValidateOptionsResultBuilder result)
    {
        if (secrets.Count is 0 or > MaxSecrets)
        {
            result.AddError($"{setting} has {secrets.Count} secrets; it must have 1 to {MaxSecrets}.");
        }

        for (var i = 0; i < secrets.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(secrets[i]))
            {
                result.AddError($"{setting}:{i} is blank; it must be EmailEngine's serviceSecret.");
            }
        }
    }
}
