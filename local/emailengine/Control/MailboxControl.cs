using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;

namespace EmailEngineSimulator.Control;

/// <summary>What the mail server, other people and the owner of a mailbox do to it.</summary>
internal sealed class MailboxControl(AccountDirectory directory, AccountLifecycle lifecycle, MailboxActions mailboxes, TimeProvider time)
{
    private const int ListedMessages = 500;

    public void Map(IEndpointRouteBuilder control)
    {
        control.MapGet("/mailboxes", () => directory.All.Select(MailboxView.Of));
        control.MapPost("/mailboxes", (NewMailbox mailbox) => MailboxView.Of(lifecycle.Register(mailbox.ToRegistration()).Account));
        var one = control.MapGroup("/mailboxes/{account}");
        one.MapDelete("/", (string account) => lifecycle.Delete(directory.Get(account)));
        one.MapPut("/server", (string account, ServerChange change) => SetServer(directory.Get(account), change.Behaviour));
        one.MapPut("/next-delivery", (string account, DeliveryChange change) => Locked(account, mailbox => SetNextDelivery(mailbox, change.Fault)));
        one.MapGet("/messages", (string account, string? folder) => Locked(account, mailbox => List(mailbox, folder)));
        one.MapPost("/messages", (string account, ArrivingMail arriving) => Locked(account, mailbox => Arrive(mailbox, arriving)));
        MapMessage(one.MapGroup("/messages/{id}"));
    }

    private void MapMessage(RouteGroupBuilder message)
    {
        message.MapPost("/move", (string account, string id, ToFolder to) => On(account, id, (mailbox, stored) => mailboxes.Move(mailbox, stored, to.Folder)));
        message.MapPost("/copy", (string account, string id, ToFolder to) => On(account, id, (mailbox, stored) => mailboxes.Copy(mailbox, stored, to.Folder)));
        message.MapPost("/flags", (string account, string id, FlagsChange change) => On(account, id, (mailbox, stored) => SetFlags(mailbox, stored, change)));
        message.MapPost("/bounce", (string account, string id, BounceRequest bounce) => On(account, id, (mailbox, stored) => Bounce(mailbox, stored, bounce)));
        message.MapDelete("/", (string account, string id) => On(account, id, Delete));
    }

    private MailboxView SetServer(Account mailbox, ServerBehaviour behaviour)
    {
        lifecycle.SetServer(mailbox, behaviour);
        return MailboxView.Of(mailbox);
    }

    private static MailboxView SetNextDelivery(Account mailbox, DeliveryFault fault)
    {
        mailbox.NextDelivery = fault;
        return MailboxView.Of(mailbox);
    }

    private static List<MessageView> List(Account mailbox, string? path) =>
        [.. mailbox.Folders.Where(folder => path is null || folder.Path == path)
            .SelectMany(folder => folder.Messages.Select(message => MessageViews.Listed(mailbox, folder, message)))
            .OrderByDescending(message => message.Date).Take(ListedMessages)];

    private PlacedMessage Arrive(Account mailbox, ArrivingMail arriving)
    {
        var mail = arriving.ToMail(mailbox, time.GetUtcNow());
        return PlacedMessage.Of(mailboxes.Add(mailbox, arriving.Folder ?? "INBOX", mail, arriving.Flags ?? [], arriving.Provider));
    }

    private StoredMessage Bounce(Account mailbox, StoredMessage stored, BounceRequest bounce)
    {
        var recipient = bounce.Recipient ?? (stored.Mail.To is [var first, ..] ? first.Address : "nobody@example.org");
        var report = DeliveryReport.Create(stored.Mail, recipient, bounce.Response ?? "550 5.1.1 User unknown", time.GetUtcNow());
        return mailboxes.Add(mailbox, "INBOX", report, [], new ProviderIds());
    }

    private StoredMessage SetFlags(Account mailbox, StoredMessage stored, FlagsChange change)
    {
        mailboxes.ChangeFlags(mailbox, stored, change.Add ?? [], change.Delete ?? []);
        return stored;
    }

    private StoredMessage Delete(Account mailbox, StoredMessage stored)
    {
        mailboxes.Delete(mailbox, stored);
        return stored;
    }

    private PlacedMessage On(string account, string id, Func<Account, StoredMessage, StoredMessage> act) => Locked(account, mailbox =>
    {
        var (_, stored) = OpenMailbox.Find(mailbox, id, out _) ?? throw ApiError.NotFound("Requested message was not found", "MessageNotFound");
        return PlacedMessage.Of(act(mailbox, stored));
    });

    private T Locked<T>(string account, Func<Account, T> act)
    {
        var mailbox = directory.Get(account);
        lock (mailbox.Gate)
        {
            return act(mailbox);
        }
    }
}

/// <param name="Id">The message in its folder.</param>
/// <param name="MessageId">The Message-ID header.</param>
internal sealed record PlacedMessage(string Id, string? MessageId)
{
    public static PlacedMessage Of(StoredMessage message) => new(message.Handle.ToString(), message.Mail.MessageId);
}

/// <param name="Email">Address of the mailbox.</param>
/// <param name="Account">Made up if not given.</param>
/// <param name="Name">Display name.</param>
internal sealed record NewMailbox(string Email, string? Account = null, string? Name = null)
{
    public JsonObject ToRegistration() => ServerSettings.Registration(Account, Name ?? "", Email, "any");
}

internal sealed record ToFolder(string Folder);

internal sealed record FlagsChange(IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Delete = null);

/// <param name="Recipient">Who could not be reached; the first recipient of the mail if not given.</param>
/// <param name="Response">The answer of the other server, <c>550 5.1.1 User unknown</c> if not given.</param>
internal sealed record BounceRequest(string? Recipient = null, string? Response = null);

/// <param name="Behaviour">healthy, refusesPassword or unreachable.</param>
internal sealed record ServerChange(ServerBehaviour Behaviour);

/// <param name="Fault">none, once or permanent.</param>
internal sealed record DeliveryChange(DeliveryFault Fault);
