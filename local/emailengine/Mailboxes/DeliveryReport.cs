using System.Text;
using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>The mail with which a mail server says that a mail could not be delivered (RFC 3464).</summary>
internal static class DeliveryReport
{
    private const string Mta = "mx.example.com";

    /// <param name="sent">The mail that bounces.</param>
    /// <param name="recipient">Who could not be reached.</param>
    /// <param name="response">The answer of the other server, as <c>550 5.1.1 User unknown</c>.</param>
    /// <param name="now">When it bounces.</param>
    public static Mail Create(Mail sent, string recipient, string response, DateTimeOffset now)
    {
        var remote = "mx." + recipient[(recipient.LastIndexOf('@') + 1)..];
        var status = response.Split(' ').ElementAtOrDefault(1) is { } code && code.Split('.').Length == 3 ? code : "5.0.0";
        List<MailHeader> returned = [.. sent.Headers().Where(header => header.Name is "From" or "To" or "Subject" or "Message-ID")];
        var source = string.Concat(returned.Select(header => $"{header.Name}: {header.Value}\n")) + "\n" + sent.Text?.TrimEnd('\n');
        return new Mail
        {
            MessageId = $"<dsn-{Guid.NewGuid()}@{Mta}>",
            Date = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            From = new Participant("Mail Delivery System", $"MAILER-DAEMON@{Mta}"),
            To = [new Participant("", sent.From.Address)],
            Subject = "Undelivered Mail Returned to Sender",
            OtherHeaders = [new("Auto-Submitted", "auto-replied")],
            Text = $"I'm sorry to have to inform you that your message could not be delivered.\n<{recipient}>: host {remote} said: {response}\n",
            Attachments =
            [
                new("message/delivery-status", Encoding.UTF8.GetBytes(Status(recipient, remote, status, response)), null),
                new("message/rfc822", Encoding.UTF8.GetBytes(source.ReplaceLineEndings("\r\n")), null),
            ],
            Bounce = new BounceReport(recipient, status, response, remote, sent.MessageId, returned, source),
        };
    }

    private static string Status(string recipient, string remote, string status, string response) =>
        $"Reporting-MTA: dns; {Mta}\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\nRemote-MTA: dns; {remote}\r\nDiagnostic-Code: smtp; {response}\r\n";
}
