using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Outbox;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

/// <summary>Everything the control page shows, in one answer.</summary>
internal sealed class Overview(AccountDirectory directory, OutboxQueue outbox, WebhookQueue webhooks, Switches switches, TimeProvider time)
{
    public OverviewState Take(int webhookCount) => new(
        time.GetUtcNow(),
        SwitchState.Of(switches),
        [.. directory.All.Select(MailboxView.Of)],
        [.. outbox.All.Select(OutboxEntry.Of)],
        [.. webhooks.Last(webhookCount).Select(WebhookView.Of)]);
}

internal sealed record OverviewState(
    DateTimeOffset Now,
    SwitchState Switches,
    IReadOnlyList<MailboxView> Mailboxes,
    IReadOnlyList<OutboxEntry> Outbox,
    IReadOnlyList<WebhookView> Webhooks);

internal sealed record MailboxView(
    string Account,
    string Name,
    string Email,
    AccountState State,
    ServerBehaviour Server,
    DeliveryFault NextDelivery,
    IReadOnlyList<FolderView> Folders)
{
    public static MailboxView Of(Account account)
    {
        lock (account.Gate)
        {
            return new(account.Id, account.Name, account.Email, account.State, account.Server, account.NextDelivery, account.Folders.ConvertAll(FolderView.Of));
        }
    }
}

internal sealed record FolderView(string Path, string? SpecialUse, int Messages, int Unseen)
{
    public static FolderView Of(Folder folder) => new(folder.Path, folder.SpecialUse, folder.Messages.Count, folder.Messages.Count(message => !message.IsSeen));
}
