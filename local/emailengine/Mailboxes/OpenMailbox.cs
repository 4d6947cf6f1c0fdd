using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>Finds folders and messages for the API, with EmailEngine's errors. Callers hold <see cref="Account.Gate"/>.</summary>
internal static class OpenMailbox
{
    /// <summary>EmailEngine keeps the folders that it has seen, and lists those while the server cannot be asked.</summary>
    /// <exception cref="ApiError">503: was never connected, so no folder is known.</exception>
    public static void EnsureListed(Account account)
    {
        if (account.State == AccountState.Unset)
        {
            throw ApiError.Unavailable("Syncing is disabled for the requested account", "NotSyncing");
        }

        if (!account.IsInitialized)
        {
            throw ApiError.Unavailable("Requested account is not yet initialized", "NotYetConnected");
        }

    }

    /// <exception cref="ApiError">503: not connected, so nothing can be read.</exception>
    public static void EnsureConnected(Account account)
    {
        if (account.State != AccountState.Connected)
        {
            throw ApiError.Unavailable("IMAP connection is currently not available for requested account", "IMAPUnavailable");
        }
    }

    /// <param name="account">Whose folder.</param>
    /// <param name="path">A path, or a special use as <c>\Sent</c>.</param>
    /// <exception cref="ApiError">404: there is no such folder; 503: not connected.</exception>
    public static Folder GetFolder(Account account, string path)
    {
        EnsureConnected(account);
        return account.FindSpecial(path) ?? account.FindFolder(path)
            ?? throw ApiError.NotFound("Requested mailbox folder was not found", "FolderNotFound");
    }

    /// <param name="account">Whose message.</param>
    /// <param name="id">The id of the message, or of an attachment or a text of it.</param>
    /// <param name="rest">What follows the message in the id.</param>
    /// <exception cref="ApiError">404: there is no such message; 503: not connected.</exception>
    public static (Folder Folder, StoredMessage Message) GetMessage(Account account, string id, out byte[] rest)
    {
        EnsureConnected(account);
        return Find(account, id, out rest) ?? throw ApiError.NotFound("Requested message was not found", "MessageNotFound");
    }

    public static (Folder Folder, StoredMessage Message)? Find(Account account, string id, out byte[] rest) =>
        MessageHandle.TryParse(id, out var handle, out rest)
        && account.FindFolder(handle.Folder) is { } folder
        && folder.Find(handle.Uid) is { } message
            ? (folder, message)
            : null;
}
