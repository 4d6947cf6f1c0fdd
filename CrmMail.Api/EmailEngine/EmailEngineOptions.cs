using Microsoft.Extensions.Options;

namespace CrmMail.Api.EmailEngine;

/// <summary>How the Api talks to EmailEngine: the connection string <c>emailengine</c> and the section <c>EmailEngine</c>.</summary>
internal sealed class EmailEngineOptions
{
    public const string Section = "EmailEngine";

    /// <summary>See <see cref="EmailEngineConnection"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How long a request to send a mail may take, with the repetitions that EmailEngine asks for.</summary>
    public TimeSpan SubmitTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The wait before the first repetition where EmailEngine names none; doubled each time.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Finds wrong settings and says which, without showing the token.</summary>
internal sealed class EmailEngineOptionsValidator : IValidateOptions<EmailEngineOptions>
{
    // Also catches "20", which reads as twenty days.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, EmailEngineOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!EmailEngineConnection.TryParse(options.ConnectionString, out _, out var fault))
        {
            result.AddError(fault);
        }

        Check("EmailEngine:SubmitTimeout", options.SubmitTimeout, result);
        Check("EmailEngine:RetryDelay", options.RetryDelay, result);
        return result.Build();
    }

    private static void Check(string setting, TimeSpan value, ValidateOptionsResultBuilder result)
    {
        if (value <= TimeSpan.Zero || value > Longest)
        {
            result.AddError($"{setting} is {value}; it must be above zero and at most {Longest}, as hh:mm:ss.");
        }
    }
}
