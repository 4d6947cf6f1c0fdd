using Microsoft.Extensions.Options;

namespace CrmMail.Api.Accounts;

/// <summary>How mailboxes are connected: the section <c>Connect</c>.</summary>
internal sealed class ConnectOptions
{
    public const string Section = "Connect";

    /// <summary>Where browsers may be sent after the form: origins as <c>https://crm.example.com</c> or, on this machine, <c>http://localhost:3000</c>. Nowhere else.</summary>
    public IList<string> AllowedRedirectOrigins { get; } = [];
}

/// <summary>Finds wrong settings and says which.</summary>
internal sealed class ConnectOptionsValidator : IValidateOptions<ConnectOptions>
{
    public ValidateOptionsResult Validate(string? name, ConnectOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.AllowedRedirectOrigins.Count; i++)
        {
            if (!RedirectOrigins.TryReadOrigin(options.AllowedRedirectOrigins[i], out _))
            {
                result.AddError(
                    $"Connect:AllowedRedirectOrigins:{i} is \"{options.AllowedRedirectOrigins[i]}\"; it must be an origin and nothing more, as https://crm.example.com or http://localhost:3000.");
            }
        }

        return result.Build();
    }
}
