namespace CrmMail.AppHost.MailParse;

/// <summary>Adds MailParse to an application that runs on a developer's machine.</summary>
public static class MailParseBuilderExtensions
{
    private const string Inbox = "team";
    private const string Interval = "00:00:05";

    /// <summary>
    /// Adds the double of MailParse (local/mailparse): it sends the mails of every inbox to Ingest as webhooks, and Ingest reads the
    /// listing of the inbox <c>team</c> as well.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="ingest">Takes the webhooks and reads the listing.</param>
    /// <param name="secret">Key of the signature header <c>X-Signature</c>.</param>
    public static IResourceBuilder<ProjectResource> AddMailParse(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ProjectResource> ingest,
        IResourceBuilder<ParameterResource> secret)
    {
        var token = builder.AddParameter($"{name}-token", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var mailParse = builder.AddProject<Projects.MailParseSimulator>(name)
            .WithEnvironment("MailParse__WebhookUrl", ReferenceExpression.Create($"{ingest.GetEndpoint("http")}/webhooks/mailparse"))
            .WithEnvironment("MailParse__Secret", secret)
            .WithEnvironment("MailParse__Token", token)
            .WithHttpHealthCheck("/health");
        ingest
            .WithEnvironment("MailParse__Polling__BaseUrl", ReferenceExpression.Create($"{mailParse.GetEndpoint("http")}/v1"))
            .WithEnvironment("MailParse__Polling__Token", token)
            .WithEnvironment("MailParse__Polling__Inboxes__0", Inbox)
            .WithEnvironment("MailParse__Polling__Interval", Interval);
        return mailParse;
    }
}
