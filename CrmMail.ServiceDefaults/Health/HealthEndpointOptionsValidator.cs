using Microsoft.Extensions.Options;

namespace CrmMail.ServiceDefaults.Health;

internal sealed class HealthEndpointOptionsValidator : IValidateOptions<HealthEndpointOptions>
{
    // Also catches "5", which reads as five days.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, HealthEndpointOptions options)
    {
        if (options.RequestTimeout <= TimeSpan.Zero || options.RequestTimeout > Longest)
        {
            return ValidateOptionsResult.Fail(
                $"HealthChecks:RequestTimeout is {options.RequestTimeout}; it must be above zero and at most {Longest}, as hh:mm:ss.");
        }

        if (options.ExpireAfter <= TimeSpan.Zero || options.ExpireAfter > Longest)
        {
            return ValidateOptionsResult.Fail(
                $"HealthChecks:ExpireAfter is {options.ExpireAfter}; it must be above zero and at most {Longest}, as hh:mm:ss.");
        }

        return ValidateOptionsResult.Success;
    }
}
