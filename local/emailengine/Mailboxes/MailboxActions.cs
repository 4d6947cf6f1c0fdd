using System.Globalization;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Messages;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>What happens in a mailbox, with the events that tell of it. Callers hold <see cref="Account.Gate"/>.</summary>
internal sealed class MailboxActions(Announcer announcer, MessageViews views)
{
    private const string Failed = "failed";

    private static readonly (string Path, string SpecialUse)[] StandardFolders =
    [
        ("INBOX", SpecialUse.Inbox),
        ("Sent", SpecialUse.Sent),
        ("Drafts", SpecialUse.Drafts),
        ("Junk", SpecialUse.Junk),
        ("Trash", SpecialUse.Trash),
    ];

    /// <summary>The folders that every mailbox has on its server, whether EmailEngine can log in or not.</summary>
    public static void CreateStandardFolders(Account account)
    {
        foreach (var (path, specialUse) in StandardFolders)
        {
            CreateFolder(account, path, specialUse);
        }

        ChooseSentFolder(account);
    }

    private static Folder CreateFolder(Account account, string path, string? specialUse)
    {
        var number = (uint)account.Folders.Count + 1;
        var folder = new Folder(number, path, specialUse, account.Created.ToUnixTimeSeconds() + number);
        account.Folders.Add(folder);
        return folder;
    }

    /// <summary>Tells of the folders that were not known yet.</summary>
    public void AnnounceFolders(Account account)
    {
        foreach (var folder in account.Folders.Where(folder => !folder.IsAnnounced))
        {
            folder.IsAnnounced = true;
            var validity = folder.UidValidity.ToString(CultureInfo.InvariantCulture);
            var reset = new FolderReset(folder.Path, folder.Name, folder.SpecialUse, validity, "uidValidityChange", false);
            announcer.Announce(account.Id, Events.MailboxReset, reset, folder);
            announcer.Announce(account.Id, Events.MailboxNew, new FolderNamed(folder.Path, folder.Name, folder.SpecialUse, validity), folder);
        }
    }

    /// <summary>Gives <c>\Sent</c> to the folder that the account's settings name, if it exists.</summary>
    public static void ChooseSentFolder(Account account)
    {
        if (account.SentMailPath is { } path && account.FindFolder(path) is { SpecialUse: not SpecialUse.Sent } chosen)
        {
            if (account.FindSpecial(SpecialUse.Sent) is { } former)
            {
                former.SpecialUse = null;
            }

            chosen.SpecialUse = SpecialUse.Sent;
            chosen.SpecialUseSource = "user";
        }
    }

    /// <param name="account">Whose mailbox it is.</param>
    /// <param name="path">The folder; one that does not exist is created.</param>
    /// <param name="mail">What arrives.</param>
    /// <param name="flags">IMAP flags it arrives with.</param>
    /// <param name="provider">Ids of servers that have them.</param>
    /// <param name="announcements">How many messageNew tell of it.</param>
    public StoredMessage Add(Account account, string path, Mail mail, IEnumerable<string> flags, ProviderIds provider, int announcements = 1)
    {
        var folder = account.FindFolder(path) ?? CreateFolder(account, path, specialUse: null);
        var message = folder.Add(mail, flags, provider);
        for (var i = 0; i < announcements; i++)
        {
            AnnounceNew(account, folder, message);
        }

        return message;
    }

    /// <summary>What arrived while the account was not connected.</summary>
    public void AnnounceWaiting(Account account)
    {
        foreach (var (folder, message) in account.Unannounced)
        {
            AnnounceNew(account, folder, message);
        }

        account.Unannounced.Clear();
    }

    /// <summary>A copy in the other folder, under a new id and with the same Message-ID.</summary>
    public StoredMessage Copy(Account account, StoredMessage message, string toPath) =>
        Add(account, toPath, message.Mail, message.Flags, message.Provider);

    /// <summary>As <see cref="Copy"/>, and the message is gone from where it was. EmailEngine finds the copy first.</summary>
    public StoredMessage Move(Account account, StoredMessage message, string toPath)
    {
        var moved = Copy(account, message, toPath);
        Delete(account, message);
        return moved;
    }

    public void Delete(Account account, StoredMessage message)
    {
        var folder = account.FindFolder(message.Handle.Folder)!;
        if (folder.Remove(message.Handle.Uid) && account.Unannounced.RemoveAll(waiting => waiting.Message == message) == 0)
        {
            announcer.Announce(account.Id, Events.MessageDeleted, new MessageGone(message.Handle.ToString(), message.Handle.Uid), folder);
        }
    }

    public void ChangeFlags(Account account, StoredMessage message, IEnumerable<string> add, IEnumerable<string> delete)
    {
        List<string> added = [.. add.Where(message.Flags.Add)];
        List<string> deleted = [.. delete.Where(message.Flags.Remove)];
        if (added.Count + deleted.Count == 0)
        {
            return;
        }

        var flags = new FlagChanges(added.Count > 0 ? added : null, deleted.Count > 0 ? deleted : null, [.. message.Flags]);
        var change = new MessageChanged(message.Handle.ToString(), message.Handle.Uid, new Changes(flags));
        announcer.Announce(account.Id, Events.MessageUpdated, change, account.FindFolder(message.Handle.Folder));
    }

    private void AnnounceNew(Account account, Folder folder, StoredMessage message)
    {
        if (account.State != AccountState.Connected)
        {
            account.Unannounced.Add((folder, message));
            return;
        }

        AnnounceFolders(account);
        var seemsLikeNew = folder.SpecialUse != SpecialUse.Sent && account.SeenMessageIds.Add(message.Mail.MessageId ?? "");
        announcer.Announce(account.Id, Events.MessageNew, views.Announced(folder, message, seemsLikeNew), folder);
        if (message.Mail.Bounce is { } bounce)
        {
            Remember(account, message, bounce);
            announcer.Announce(account.Id, Events.MessageBounce, Bounce(message, bounce));
        }
    }

    private static void Remember(Account account, StoredMessage report, BounceReport bounce)
    {
        if (bounce.MessageId is { } id)
        {
            var response = new BounceResponseView(bounce.Response, bounce.Status);
            account.Bounces.TryAdd(id, []);
            account.Bounces[id].Add(new BounceView(report.Handle.ToString(), bounce.Recipient, Failed, response, report.Mail.Date));
        }
    }

    private static Bounced Bounce(StoredMessage message, BounceReport bounce) => new(
        message.Handle.ToString(),
        bounce.Recipient,
        Failed,
        new BounceResponse("smtp", bounce.Response, bounce.Status),
        bounce.Mta,
        bounce.MessageId,
        MessageViews.ByName(bounce.Returned));
}
