using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

internal static class MessageEndpoints
{
    public static void Map(ApiRoutes api, IServiceProvider services)
    {
        var directory = services.GetRequiredService<AccountDirectory>();
        var mailboxes = services.GetRequiredService<MailboxActions>();
        MapLocked("GET", "/v1/account/{account}/messages", (account, call) => List(account, call, _ => true));
        MapLocked("POST", "/v1/account/{account}/search", (account, call) => List(account, call, MessageSearch.Parse(call.Body["search"]!.AsObject())));
        MapLocked("PUT", "/v1/account/{account}/messages", (account, call) => UpdateMany(mailboxes, account, Folder(account, call), call.Body));
        MapLocked("GET", "/v1/account/{account}/message/{message}", (account, call) => Read(mailboxes, account, call));
        MapLocked("PUT", "/v1/account/{account}/message/{message}", (account, call) =>
            FlagUpdate.Parse(call.Body).Apply(mailboxes, account, [OpenMailbox.GetMessage(account, call.Route("message"), out _).Message]));
        MapLocked("DELETE", "/v1/account/{account}/message/{message}", (account, call) => Delete(mailboxes, account, call));
        MapLocked("GET", "/v1/account/{account}/attachment/{attachment}", (account, call) => Download(account, call.Route("attachment")));
        MapLocked("GET", "/v1/account/{account}/text/{text}", (account, call) => ReadText(account, call));

        void MapLocked(string method, string path, Func<Account, ApiCall, object> handle) => api.Map(method, path, call =>
        {
            var account = directory.Get(call.Route("account"));
            lock (account.Gate)
            {
                return handle(account, call);
            }
        });
    }

    private static Folder Folder(Account account, ApiCall call) => OpenMailbox.GetFolder(account, call.Argument("path")!);

    /// <summary>Newest first, as EmailEngine lists.</summary>
    private static JsonObject List(Account account, ApiCall call, Func<StoredMessage, bool> isWanted)
    {
        var folder = Folder(account, call);
        List<StoredMessage> found = [.. folder.Messages.Where(isWanted).Reverse()];
        var number = call.Argument("cursor") is { } cursor ? PageCursor.Parse(cursor) : call.Number("page");
        var page = new Page<StoredMessage>(found, number, call.Number("pageSize", 20));
        return page.As("messages", message => MessageViews.Listed(account, folder, message), new JsonObject
        {
            ["nextPageCursor"] = number < page.Pages - 1 ? PageCursor.Of(number + 1) : null,
            ["prevPageCursor"] = number > 0 ? PageCursor.Of(Math.Min(number - 1, page.Pages - 1)) : null,
        });
    }

    private static JsonObject UpdateMany(MailboxActions mailboxes, Account account, Folder folder, JsonObject body)
    {
        var search = MessageSearch.Parse(body["search"]!.AsObject());
        var update = FlagUpdate.Parse(body["update"] as JsonObject ?? []);
        return update.Apply(mailboxes, account, [.. folder.Messages.Where(search)]);
    }

    private static MessageView Read(MailboxActions mailboxes, Account account, ApiCall call)
    {
        var (folder, message) = OpenMailbox.GetMessage(account, call.Route("message"), out _);
        var view = MessageViews.Read(account, folder, message, TextKinds.Parse(call.Argument("textType")), MaxBytes(call));
        if (call.Query["markAsSeen"]?.GetValueKind() == JsonValueKind.True)
        {
            mailboxes.ChangeFlags(account, message, ["\\Seen"], []);
        }

        return view;
    }

    private static object Delete(MailboxActions mailboxes, Account account, ApiCall call)
    {
        var (folder, message) = OpenMailbox.GetMessage(account, call.Route("message"), out _);
        var isForced = call.Query["force"]?.GetValueKind() == JsonValueKind.True;
        if (!isForced && folder.SpecialUse is not (SpecialUse.Trash or SpecialUse.Junk) && account.FindSpecial(SpecialUse.Trash) is { } trash)
        {
            var moved = mailboxes.Move(account, message, trash.Path);
            return new { deleted = false, moved = new { destination = trash.Path, message = moved.Handle.ToString() } };
        }

        mailboxes.Delete(account, message);
        return new { deleted = true };
    }

    private static IResult Download(Account account, string id)
    {
        var (_, message) = OpenMailbox.GetMessage(account, id, out var part);
        var isPart = int.TryParse(Encoding.ASCII.GetString(part), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var attachment = isPart ? message.Mail.Attachments.ElementAtOrDefault(MimeSource.AttachmentIndex(number)) : null;
        return attachment is null
            ? throw ApiError.NotFound("Requested attachment was not found", "AttachmentNotFound")
            : Results.File(attachment.Content, attachment.ContentType, attachment.Filename);
    }

    private static object ReadText(Account account, ApiCall call)
    {
        var (_, message) = OpenMailbox.GetMessage(account, call.Route("text"), out _);
        var text = MessageViews.Content(message, TextKinds.Parse(call.Argument("textType")), MaxBytes(call));
        return new { text.Plain, text.Html, text.HasMore };
    }

    private static int? MaxBytes(ApiCall call) => call.Query.ContainsKey("maxBytes") ? call.Number("maxBytes") : null;
}
