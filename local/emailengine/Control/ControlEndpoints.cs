using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

/// <summary>The control API under <c>/simulator</c>: what a mail server and its users would do. No authentication: a tool of the developer's machine.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, IServiceProvider services)
    {
        var control = app.MapGroup("/simulator");
        var directory = services.GetRequiredService<AccountDirectory>();
        var mailboxes = services.GetRequiredService<MailboxActions>();
        var lifecycle = services.GetRequiredService<AccountLifecycle>();
        var webhooks = services.GetRequiredService<WebhookQueue>();
        var switches = services.GetRequiredService<Switches>();
        var time = services.GetRequiredService<TimeProvider>();

        control.MapPost("/mailboxes/{account}/messages", (string account, ArrivingMail arriving) => Deliver(mailboxes, directory.Get(account), arriving, time));
        control.MapPut("/mailboxes/{account}/server", (string account, ServerChange change) => lifecycle.SetServer(directory.Get(account), change.Behaviour));
        control.MapGet("/webhooks", (int? limit) => Results.Json(webhooks.Last(limit ?? 100).Select(WebhookView.Of), EngineJson.Options));
        control.MapPut("/switches", (SwitchChange change) => change.Apply(switches));
    }

    private static object Deliver(MailboxActions mailboxes, Account account, ArrivingMail arriving, TimeProvider time)
    {
        lock (account.Gate)
        {
            var mail = arriving.ToMail(account, time.GetUtcNow());
            var message = mailboxes.Add(account, arriving.Folder ?? "INBOX", mail, arriving.Flags ?? [], arriving.Provider);
            return new { id = message.Handle.ToString(), messageId = mail.MessageId };
        }
    }
}
