using System.Text.Json;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Mailboxes;

internal static class FolderEndpoints
{
    public static void Map(ApiRoutes api, IServiceProvider services)
    {
        var directory = services.GetRequiredService<AccountDirectory>();
        api.Map("GET", "/v1/account/{account}/mailboxes", call =>
            List(directory.Get(call.Route("account")), withCounters: call.Query["counters"]?.GetValueKind() == JsonValueKind.True));
    }

    private static object List(Account account, bool withCounters)
    {
        lock (account.Gate)
        {
            OpenMailbox.EnsureListed(account);
            if (withCounters)
            {
                OpenMailbox.EnsureConnected(account);
            }

            return new { mailboxes = account.Folders.ConvertAll(folder => Describe(folder, withCounters)) };
        }
    }

    private static object Describe(Folder folder, bool withCounters)
    {
        var slash = folder.Path.LastIndexOf('/');
        return new
        {
            path = folder.Path,
            delimiter = "/",
            parentPath = slash < 0 ? null : folder.Path[..slash],
            name = folder.Name,
            listed = true,
            subscribed = true,
            specialUse = folder.SpecialUse,
            specialUseSource = folder.SpecialUse is null ? null : folder.SpecialUseSource,
            messages = folder.Messages.Count,
            uidNext = folder.NextUid,
            status = withCounters ? new { messages = folder.Messages.Count, unseen = folder.Messages.Count(message => !message.IsSeen) } : null,
        };
    }
}
