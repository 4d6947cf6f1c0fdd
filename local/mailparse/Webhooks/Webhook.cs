namespace MailParseSimulator.Webhooks;

/// <param name="Inbox">Where the mail came.</param>
/// <param name="Payload">The body.</param>
/// <param name="Attempts">How often it was sent in vain.</param>
internal sealed record Webhook(string Inbox, byte[] Payload, int Attempts = 0);
