using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>Finds wrong settings when the service starts, and says which, without showing the token.</summary>
internal sealed class PollingOptionsValidator : IValidateOptions<PollingOptions>
{
    private const int MostInboxes = 100;
    private const int MostMails = 1_000;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, PollingOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.BaseUrl is not null)
        {
            CheckListing(options, result);
            CheckInboxes(options.Inboxes, result);
        }

        if (options.PageSize is < 1 or > MostMails)
        {
            result.AddError($"MailParse:Polling:PageSize is {options.PageSize}; it must be 1 to {MostMails}.");
        }

        if (options.Interval < ShortestInterval || options.Interval > LongestInterval)
        {
            result.AddError($"MailParse:Polling:Interval is {options.Interval}; it must be {ShortestInterval} to {LongestInterval}, as hh:mm:ss.");
        }

        return result.Build();
    }

    private static void CheckListing(PollingOptions options, ValidateOptionsResultBuilder result)
    {
        var url = options.BaseUrl!;
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            result.AddError($"MailParse:Polling:BaseUrl is \"{url}\"; it must be an address such as https://api.mailparse.example/v1, without a query.");
        }

        if (string.IsNullOrWhiteSpace(options.Token) || options.Token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            result.AddError("MailParse:Polling:Token is missing or has characters that no token has; it must be the bearer token of the listing.");
        }
    }

    private static void CheckInboxes(IList<string> inboxes, ValidateOptionsResultBuilder result)
    {
        if (inboxes.Count is 0 or > MostInboxes)
        {
            result.AddError($"MailParse:Polling:Inboxes has {inboxes.Count} inboxes; it must have 1 to {MostInboxes}.");
        }

        for (var i = 0; i < inboxes.Count; i++)
        {
            if (!MailParseInbox.TryParse(inboxes[i], out _))
            {
                result.AddError($"MailParse:Polling:Inboxes:{i} is \"{inboxes[i]}\"; it must be 1 to {MailParseInbox.MaxLength} lower-case letters, digits, dots, underscores and hyphens.");
            }
            else if (inboxes.IndexOf(inboxes[i]) < i)
            {
                result.AddError($"MailParse:Polling:Inboxes:{i} is \"{inboxes[i]}\" again; each inbox may be named once.");
            }
        }
    }
}
