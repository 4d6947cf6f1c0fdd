using CrmMail.Ingest.Limits;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Webhooks;

/// <summary>Finds wrong settings and says which, without showing a secret.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    internal const int MaxSecrets = 4;

    private const string EmailEngineSecret = "EmailEngine's serviceSecret";

    private static readonly TimeSpan LongestTolerance = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var result = new ValidateOptionsResultBuilder();

        // With instances alone, the address without a name may be closed.
        if (options.Secrets.Count > 0 || options.Instances.Count == 0)
        {
            CheckSecrets("Webhooks:Secrets", options.Secrets, 1, EmailEngineSecret, result);
        }

        foreach (var (instance, instanceOptions) in options.Instances)
        {
            CheckSecrets($"Webhooks:Instances:{instance}:Secrets", instanceOptions.Secrets, 1, EmailEngineSecret, result);
        }

        CheckMailParse(options.MailParse, result);
        return result.Build();
    }

    private static void CheckMailParse(MailParseWebhookOptions options, ValidateOptionsResultBuilder result)
    {
        CheckSecrets("Webhooks:MailParse:Secrets", options.Secrets, 0, "the secret that MailParse signs with", result);
        if (options.TimestampTolerance <= TimeSpan.Zero || options.TimestampTolerance > LongestTolerance)
        {
            result.AddError($"Webhooks:MailParse:TimestampTolerance is {options.TimestampTolerance}; it must be above zero and at most {LongestTolerance}, as hh:mm:ss.");
        }

        NetworkList.Check("Webhooks:MailParse:AllowedNetworks", options.AllowedNetworks, result);
    }

    private static void CheckSecrets(string setting, IList<string> secrets, int least, string meaning, ValidateOptionsResultBuilder result)
    {
        if (secrets.Count < least || secrets.Count > MaxSecrets)
        {
            result.AddError($"{setting} has {secrets.Count} secrets; it must have {least} to {MaxSecrets}.");
        }

        for (var i = 0; i < secrets.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(secrets[i]))
            {
                result.AddError($"{setting}:{i} is blank; it must be {meaning}.");
            }
        }
    }
}
