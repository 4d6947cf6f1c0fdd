using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MailParseSimulator;

/// <summary>Whom the simulator tells, and with what secrets: the section <c>MailParse</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string Section = "MailParse";

    /// <summary>Where webhooks go; the name of the inbox is put behind it.</summary>
    [Required(ErrorMessage = "MailParse:WebhookUrl is missing; it must be such as http://localhost:5100/webhooks/mailparse.")]
    public Uri? WebhookUrl { get; set; }

    /// <summary>Key of the signatures.</summary>
    [Required(ErrorMessage = "MailParse:Secret is missing; webhooks are signed with it.")]
    public string Secret { get; set; } = "";

    /// <summary>The bearer token of the listing.</summary>
    [Required(ErrorMessage = "MailParse:Token is missing; the listing asks for it.")]
    public string Token { get; set; } = "";

    /// <summary>The pause before the second attempt of a webhook; it doubles from one to the next. Default 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts of a webhook. Default 8: the last about two minutes after the first.</summary>
    [Range(1, 20, ErrorMessage = "MailParse:Attempts must be 1 to 20.")]
    public int Attempts { get; set; } = 8;
}

[OptionsValidator]
internal sealed partial class SimulatorOptionsValidator : IValidateOptions<SimulatorOptions>;
