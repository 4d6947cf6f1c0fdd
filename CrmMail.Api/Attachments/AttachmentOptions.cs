using Microsoft.Extensions.Options;

namespace CrmMail.Api.Attachments;

/// <summary>Which attached files are handed out, and what happens to those that cannot be had: the section <c>Attachments</c>.</summary>
internal sealed class AttachmentOptions
{
    public const string Section = "Attachments";

    /// <summary>The largest file.</summary>
    public long MaxBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>Where files may be that are not in a mailbox: origins such as <c>https://files.example</c>.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>How long a checksum is believed without the file being read again.</summary>
    public TimeSpan LinkFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The wait before a file that could not be had is tried again; doubled each time, up to six hours.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it is tried again before nobody tries any more.</summary>
    public int MaxRetries { get; set; } = 8;
}

/// <summary>Finds wrong settings and says which.</summary>
internal sealed class AttachmentOptionsValidator : IValidateOptions<AttachmentOptions>
{
    private const long LargestFile = 1024L * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, AttachmentOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        AddIf(options.MaxBytes is < 1 or > LargestFile, "MaxBytes", "is 1 byte to 1 GiB.");
        AddIf(options.LinkFor <= TimeSpan.Zero || options.LinkFor > TimeSpan.FromDays(365), "LinkFor", "is more than 0 and at most 365 days.");
        AddIf(options.RetryDelay < TimeSpan.FromMilliseconds(10) || options.RetryDelay > TimeSpan.FromHours(6), "RetryDelay", "is 10 ms to 6 hours.");
        AddIf(options.MaxRetries is < 0 or > 100, "MaxRetries", "is 0 to 100.");
        foreach (var origin in options.AllowedOrigins)
        {
            AddIf(!IsOrigin(origin), "AllowedOrigins", "has an entry that is no origin: scheme and host, as in https://files.example.");
        }

        return result.Build();

        void AddIf(bool isWrong, string setting, string fault)
        {
            if (isWrong)
            {
                result.AddError($"{AttachmentOptions.Section}:{setting} {fault}");
            }
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.GetLeftPart(UriPartial.Authority) == text;
}
