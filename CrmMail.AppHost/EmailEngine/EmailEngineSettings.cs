namespace CrmMail.AppHost.EmailEngine;

/// <summary>The value of <c>EENGINE_SETTINGS</c>: what EmailEngine writes to its <c>/v1/settings</c> when it starts.</summary>
internal static class EmailEngineSettings
{
    // EmailEngine filters by the lower-cased name, so a header asked for as In-Reply-To would never arrive.
    // Those by which threads, authors and filters go: docs/filters.md names the latter, and EmailEngineResourceTests holds them against the rules.
    private const string NotifyHeaders =
        """["authentication-results","auto-submitted","content-class","content-type","from","in-reply-to","list-id","list-post","list-unsubscribe",""" +
        """ "list-unsubscribe-post","mailing-list","precedence","references","reply-to","return-path","x-auto-response-suppress","x-autoreply",""" +
        """ "x-autorespond","x-failed-recipients","x-google-group-id","x-mailin-campaign","x-mc-user","x-original-from","x-roving-id","x-spam-flag"]""";

    /// <param name="serviceUrl">Where browsers reach EmailEngine.</param>
    /// <param name="webhooks">Where webhooks are sent.</param>
    /// <param name="serviceSecret">Key of their signatures.</param>
    public static ReferenceExpression Create(ReferenceExpression serviceUrl, ReferenceExpression webhooks, ParameterResource serviceSecret) =>
        ReferenceExpression.Create(
            $$"""
            {"serviceUrl":"{{serviceUrl}}","webhooksEnabled":true,"webhooks":"{{webhooks}}","webhookEvents":["*"],"serviceSecret":"{{serviceSecret}}","notifyHeaders":{{NotifyHeaders}},"notifyText":true,"notifyTextSize":65536}
            """);
}
