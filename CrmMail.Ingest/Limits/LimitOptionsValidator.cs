using CrmMail.Contracts;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>Finds wrong settings when the service starts, and says which.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    private static readonly TimeSpan LongestReceiveTimeout = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        NetworkList.Check("Limits:AllowedNetworks", options.AllowedNetworks, result);
        NetworkList.Check("Limits:KnownProxies", options.KnownProxies, result);
        CheckAtLeast(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1, result);
        CheckRange(nameof(options.MaxRecordBodyBytes), options.MaxRecordBodyBytes, 1, MailTopics.MaxBodyBytes, result);
        CheckAtLeast(nameof(options.MaxReceivingBytes), options.MaxReceivingBytes, options.MaxBodyBytes, result);
        CheckRange(nameof(options.MaxInFlightRequests), options.MaxInFlightRequests, 1, LimitOptions.MostInFlightRequests, result);
        CheckRange(nameof(options.MaxInFlightBytes), options.MaxInFlightBytes, options.MaxBodyBytes, LimitOptions.MostInFlightBytes, result);
        CheckAtLeast(nameof(options.RequestsPerSecond), options.RequestsPerSecond, 1, result);
        CheckAtLeast(nameof(options.RequestBurst), options.RequestBurst, 1, result);
        CheckAtLeast(nameof(options.MaxConcurrentConnections), options.MaxConcurrentConnections, 1, result);
        // Also catches "20", which reads as twenty days.
        if (options.ReceiveTimeout <= TimeSpan.Zero || options.ReceiveTimeout > LongestReceiveTimeout)
        {
            result.AddError($"Limits:ReceiveTimeout is {options.ReceiveTimeout}; it must be above zero and at most {LongestReceiveTimeout}, as hh:mm:ss.");
        }

        return result.Build();
    }

    private static void CheckAtLeast(string setting, long value, long least, ValidateOptionsResultBuilder result)
    {
        if (value < least)
        {
            result.AddError($"Limits:{setting} is {value}; it must be at least {least}.");
        }
    }

    private static void CheckRange(string setting, long value, long least, long most, ValidateOptionsResultBuilder result)
    {
        CheckAtLeast(setting, value, least, result);
        if (value > most)
        {
            result.AddError($"Limits:{setting} is {value}; it must be at most {most}.");
        }
    }
}
