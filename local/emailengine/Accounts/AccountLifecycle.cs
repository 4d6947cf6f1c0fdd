using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Outbox;
using EmailEngineSimulator.Time;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Accounts;

/// <summary>Registers, connects and removes accounts.</summary>
internal sealed class AccountLifecycle(
    AccountDirectory directory,
    MailboxActions mailboxes,
    OutboxQueue outbox,
    Announcer announcer,
    DelayedWork delayed,
    Pace pace,
    TimeProvider time)
{
    private const int GeneratedIdLength = 21;
    private const string IdAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <returns>The account, and whether it is new; an id that exists is updated.</returns>
    public (Account Account, bool IsNew) Register(JsonObject registration)
    {
        var id = registration["account"]?.GetValue<string>() ?? RandomNumberGenerator.GetString(IdAlphabet, GeneratedIdLength);
        registration = registration.DeepClone().AsObject();
        registration["account"] = id;
        var now = time.GetUtcNow();
        if (registration["notifyFrom"] is JsonValue from && from.ToString() == "now")
        {
            registration["notifyFrom"] = now.ToIso();
        }

        var account = new Account(id, registration, now);
        MailboxActions.CreateStandardFolders(account);
        if (!directory.TryAdd(account))
        {
            var existing = directory.Get(id);
            existing.Merge(registration);
            ConnectAnew(existing);
            return (existing, false);
        }

        announcer.Announce(id, Events.AccountAdded, new AccountNamed(id));
        Connect(account);
        return (account, true);
    }

    public void Update(Account account, JsonObject update)
    {
        var isAnotherConnection = account.Merge(update);
        if (isAnotherConnection)
        {
            ConnectAnew(account);
        }
    }

    /// <summary>Logs in anew, as after a changed password or the request of a client.</summary>
    public void Connect(Account account)
    {
        lock (account.Gate)
        {
            if (account.State != AccountState.Init)
            {
                account.State = AccountState.Connecting;
            }
        }

        delayed.After(pace.Connecting, () => FinishConnecting(account));
    }

    public void SetServer(Account account, ServerBehaviour behaviour)
    {
        lock (account.Gate)
        {
            account.Server = behaviour;
        }

        Connect(account);
    }

    public void Delete(Account account)
    {
        if (directory.Remove(account))
        {
            outbox.RemoveAll(account.Id);
            announcer.Announce(account.Id, Events.AccountDeleted, new AccountNamed(account.Id));
        }
    }

    private void ConnectAnew(Account account)
    {
        lock (account.Gate)
        {
            MailboxActions.ChooseSentFolder(account);
        }

        Connect(account);
    }

    private void FinishConnecting(Account account)
    {
        if (directory.Find(account.Id) != account)
        {
            return;
        }

        lock (account.Gate)
        {
            if (!account.HasImap)
            {
                account.State = AccountState.Unset;
            }
            else if (Problem(account) is var (eventName, state, problem))
            {
                account.State = state;
                if (problem != account.LastError)
                {
                    announcer.Announce(account.Id, eventName, problem);
                }

                account.LastError = problem;
            }
            else
            {
                Connected(account);
            }
        }
    }

    private static (string Event, AccountState State, ConnectionProblem Problem)? Problem(Account account)
    {
        if (account.Server == ServerBehaviour.Unreachable || !account.CanLogIn)
        {
            return (Events.ConnectError, AccountState.ConnectError, new("connect ECONNREFUSED 127.0.0.1:993", "ECONNREFUSED"));
        }

        return account.Server == ServerBehaviour.RefusesPassword || account.HasWrongPassword
            ? (Events.AuthenticationError, AccountState.AuthenticationError,
                new("2 NO [AUTHENTICATIONFAILED] Authentication failed.", "AUTHENTICATIONFAILED"))
            : null;
    }

    private void Connected(Account account)
    {
        // Connecting again is no news, unless something was wrong before.
        if (!account.IsInitialized || account.LastError is not null)
        {
            announcer.Announce(account.Id, Events.AuthenticationSuccess, new Authenticated(account.User));
        }

        mailboxes.AnnounceFolders(account);
        account.State = AccountState.Connected;
        account.LastError = null;
        if (!account.IsInitialized)
        {
            account.IsInitialized = true;
            announcer.Announce(account.Id, Events.AccountInitialized, new Initialized());
        }

        mailboxes.AnnounceWaiting(account);
    }
}
