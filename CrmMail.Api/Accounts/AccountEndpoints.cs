using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.EmailEngine;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Accounts;

internal static class AccountEndpoints
{
    private const string List = "accounts";

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly Account Example = new()
    {
        Id = "amy",
        Source = MailSource.EmailEngine,
        Name = "Amy Adler",
        Email = "amy@example.com",
        State = AccountState.Connected,
        StateSince = ExampleTime,
        LastError = null,
        LastErrorAt = null,
        Incoming = 1712,
        Sent = 940,
        Skipped = 12073,
        LastEventAt = ExampleTime.AddHours(3),
        CreatedAt = ExampleTime.AddMinutes(-1),
    };

    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConnectOptions>().BindConfiguration(ConnectOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ConnectOptions>, ConnectOptionsValidator>();
        builder.Services.AddSingleton<RedirectOrigins>();
        builder.Services.AddSingleton<AccountRemoval>();
        builder.Services.AddSingleton<AccountStore>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/api/accounts").WithTags("Accounts").RequireScope(ApiScope.Crm);
        accounts.MapGet("/", ListAsync).AnswersExample(new Page<Account>([Example], null));
        accounts.MapGet("/{account}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.AccountNotFound);

        var live = accounts.MapGroup("/{account}").FailsWith(ProblemKind.EmailEngineRefused, ProblemKind.EmailEngineRateLimited, ProblemKind.EmailEngineUnavailable);
        live.MapPost("/connect", ConnectAsync)
            .TakesExample(new ConnectRequest("Amy Adler", "amy@example.com", "https://crm.example.com/mailboxes/done"))
            .AnswersExample(new ConnectLink("https://emailengine.example.com/accounts/new?data=eyJhY2NvdW50IjoiYW15In0&sig=ZQ"));
        live.MapDelete("/", RemoveAsync).AnswersExample(
            new RemovedAccount { InEmailEngine = true, Activities = 2652, TimelineEntries = 2710, Skips = 12073, DeliveryReports = 941, OutboundMessages = 88 });
        live.MapPost("/reconnect", ReconnectAsync).FailsWith(ProblemKind.AccountNotFound);
        live.MapGet("/folders", ListFoldersAsync)
            .AnswersExample(new Page<Folder>([new("INBOX", "INBOX", @"\Inbox"), new("Sent Messages", "Sent Messages", null)], null))
            .FailsWith(ProblemKind.AccountNotFound, ProblemKind.MailboxUnavailable);
        live.MapPut("/sent-folder", ChooseSentFolderAsync)
            .TakesExample(new SentFolder("Sent Messages"))
            .FailsWith(ProblemKind.AccountNotFound, ProblemKind.MailboxUnavailable);
    }

    /// <summary>List the accounts</summary>
    internal static async Task<Ok<Page<Account>>> ListAsync([AsParameters] PageQuery page, AccountStore store, CancellationToken cancellationToken)
    {
        var accounts = await store.ListAsync(page.Position<Position>(List)?.Id, page.Size + 1, cancellationToken);
        return TypedResults.Ok(Page.Of(accounts, page.Size, account => Cursor.Encode(List, new Position(account.Id))));
    }

    /// <summary>Read an account</summary>
    /// <remarks>As far as EmailEngine's webhooks have told: without asking EmailEngine or the mail server.</remarks>
    internal static async Task<Results<Ok<Account>, Problem>> ReadAsync(
        [Description("The account.")] AccountId account, AccountStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(account, cancellationToken) is { } found ? TypedResults.Ok(found) : new Problem(ProblemKind.AccountNotFound);

    /// <summary>Connect a mailbox</summary>
    /// <remarks>
    /// Answers with the address of a form, in which the person that the mailbox belongs to enters the password: it never passes here. To
    /// connect an account again replaces its settings, for example after a change of the password.
    /// </remarks>
    internal static async Task<Results<Ok<ConnectLink>, Problem>> ConnectAsync(
        [Description("The id that the account gets, of your choice: 1 to 256 characters.")] AccountId account,
        ConnectRequest request,
        RedirectOrigins origins,
        EmailEngineClient emailEngine,
        AccountStore store,
        CancellationToken cancellationToken)
    {
        if (MailParseAccount.Is(account))
        {
            return Problem.Invalid("account", $"An id that begins with {MailParseAccount.Prefix} is that of a team address.");
        }

        var faults = new FieldFaults();
        if (!ConnectDraft.TryRead(request, origins, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        string[] subconnections = draft.SentSubconnection ? [@"\Sent"] : [];
        var form = new FormRequest(account.Value, draft.Name.Length > 0 ? draft.Name : null, draft.Email, draft.RedirectUrl, subconnections);
        var url = await emailEngine.CreateFormAsync(form, cancellationToken);
        await store.OpenAsync(account, draft.Name, draft.Address, cancellationToken);
        return TypedResults.Ok(new ConnectLink(url));
    }

    /// <summary>Remove an account</summary>
    /// <remarks>
    /// Disconnects the mailbox and removes all that is stored of it: activities, places on timelines that no other account shares, and records of
    /// events and of sent mail. Of a mail that another account has too, only the capture goes. Events that come later are not let in. To remove it again removes what is left and is no error.
    /// </remarks>
    internal static async Task<Ok<RemovedAccount>> RemoveAsync(
        [Description("The account.")] AccountId account, EmailEngineClient emailEngine, AccountRemoval removal, CancellationToken cancellationToken)
    {
        // In this order: should EmailEngine not answer, nothing has happened yet; from then on, another try finishes it.
        var wasInEmailEngine = !MailParseAccount.Is(account) && await emailEngine.DeleteAccountAsync(account, cancellationToken);
        var removed = await removal.RemoveAsync(account, cancellationToken);
        return TypedResults.Ok(removed with { InEmailEngine = wasInEmailEngine });
    }

    /// <summary>Reconnect an account</summary>
    /// <remarks>Lets EmailEngine open the connection to the mail server anew. The answer does not wait for it: see the account's state.</remarks>
    internal static async Task<NoContent> ReconnectAsync(
        [Description("The account.")] AccountId account, EmailEngineClient emailEngine, CancellationToken cancellationToken)
    {
        await emailEngine.ReconnectAsync(account, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>List the folders of an account</summary>
    /// <remarks>All of them on one page. A folder without `\Sent` in which sent mail lies is made known by `PUT sent-folder`.</remarks>
    internal static async Task<Ok<Page<Folder>>> ListFoldersAsync(
        [Description("The account.")] AccountId account, EmailEngineClient emailEngine, CancellationToken cancellationToken)
    {
        var folders = await emailEngine.ListFoldersAsync(account, cancellationToken);
        return TypedResults.Ok(new Page<Folder>([.. folders.Select(folder => new Folder(folder.Path, folder.Name ?? folder.Path, folder.SpecialUse))], null));
    }

    /// <summary>Choose the Sent folder</summary>
    /// <remarks>Mails in it count as sent, and copies of mails that are sent from here go there.</remarks>
    internal static async Task<Results<NoContent, Problem>> ChooseSentFolderAsync(
        [Description("The account.")] AccountId account, SentFolder request, EmailEngineClient emailEngine, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Path))
        {
            return Problem.Invalid("path", "The path of a folder is needed.");
        }

        var folders = await emailEngine.ListFoldersAsync(account, cancellationToken);
        if (!folders.Any(folder => folder.Path == request.Path))
        {
            return Problem.Invalid("path", "The account has no such folder: `GET folders` lists them.");
        }

        await emailEngine.ChooseSentFolderAsync(account, request.Path, cancellationToken);
        return TypedResults.NoContent();
    }

    private sealed record Position(string Id);
}
