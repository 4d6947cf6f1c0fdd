using System.Globalization;
using EmailEngineSimulator.Accounts;

namespace EmailEngineSimulator.Outbox;

/// <summary>Whether the simulated SMTP server takes a mail.</summary>
internal static class SmtpServer
{
    private static readonly SmtpProblem Unreachable = new("connect ECONNREFUSED 127.0.0.1:465", "ESOCKET", null, null, "CONN", IsPermanent: false);
    private static readonly SmtpProblem Busy = Answered("Message failed", "EMESSAGE", "451 4.3.0 Temporary failure, try again later", "DATA", isPermanent: false);
    private static readonly SmtpProblem Refused = Answered("Message failed", "EMESSAGE", "550 5.7.1 Message refused", "DATA", isPermanent: true);
    private static readonly SmtpProblem WrongPassword = Answered("Invalid login", "EAUTH", "535 5.7.8 Authentication failed", "AUTH PLAIN", isPermanent: true);
    private static readonly SmtpProblem NoRecipients = new("No recipients defined", "EENVELOPE", null, null, "API", IsPermanent: true);

    /// <returns>Null if the mail is taken. A fault that was set for the next delivery is used up.</returns>
    public static SmtpProblem? Problem(Account account, QueuedMail queued)
    {
        if (account.Server == ServerBehaviour.Unreachable)
        {
            return Unreachable;
        }

        if (account.Server == ServerBehaviour.RefusesPassword || account.HasWrongPassword)
        {
            return WrongPassword;
        }

        if (queued.Envelope.To.Count == 0)
        {
            return NoRecipients;
        }

        var fault = account.NextDelivery;
        account.NextDelivery = DeliveryFault.None;
        return fault switch
        {
            DeliveryFault.Once => Busy,
            DeliveryFault.Permanent => Refused,
            _ => null,
        };
    }

    private static SmtpProblem Answered(string what, string code, string response, string command, bool isPermanent) =>
        new($"{what}: {response}", code, response, int.Parse(response.AsSpan(0, 3), CultureInfo.InvariantCulture), command, isPermanent);
}
