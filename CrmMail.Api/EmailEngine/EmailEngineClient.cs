using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CrmMail.Contracts;
using Polly;

namespace CrmMail.Api.EmailEngine;

/// <summary>EmailEngine's API, as far as the Api uses it. Every method throws <see cref="EmailEngineException"/> and no other exception of HTTP.</summary>
internal sealed partial class EmailEngineClient(HttpClient http, SubmitRetry retry, TimeProvider time, ILogger<EmailEngineClient> logger)
{
    private const string IdempotencyHeader = "Idempotency-Key";

    /// <summary>Makes a link to the hosted form.</summary>
    public async Task<string> CreateFormAsync(FormRequest form, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "v1/authentication/form", JsonContent.Create(form, EmailEngineJson.Default.FormRequest), EmailEngineJson.Default.FormAnswer, cancellationToken)).Url;

    /// <summary>The account.</summary>
    public Task<EngineAccount> GetAccountAsync(AccountId account, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, PathOf(account), null, EmailEngineJson.Default.EngineAccount, cancellationToken);

    /// <summary>Removes the account and what it has in the outbox; false when there was none.</summary>
    public async Task<bool> DeleteAccountAsync(AccountId account, CancellationToken cancellationToken)
    {
        try
        {
            return (await SendAsync(HttpMethod.Delete, PathOf(account), null, EmailEngineJson.Default.DeletedAnswer, cancellationToken)).Deleted;
        }
        catch (EmailEngineException unknown) when (unknown.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Closes the connection to the mail server and opens it again.</summary>
    public Task ReconnectAsync(AccountId account, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Put, $"{PathOf(account)}/reconnect", JsonContent.Create(new Reconnect(true), EmailEngineJson.Default.Reconnect),
            EmailEngineJson.Default.Reconnect, cancellationToken);

    /// <summary>The folders of the mailbox.</summary>
    public async Task<IReadOnlyList<EngineFolder>> ListFoldersAsync(AccountId account, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, $"{PathOf(account)}/mailboxes", null, EmailEngineJson.Default.EngineFolders, cancellationToken)).Mailboxes;

    /// <summary>A part of a folder, newest mails first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="path">The folder.</param>
    /// <param name="cursor">The cursor of the page; null for the first one.</param>
    /// <param name="size">Mails of a page, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<EngineMessagePage> ListMessagesAsync(AccountId account, string path, string? cursor, int size, CancellationToken cancellationToken)
    {
        var page = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
        return SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{PathOf(account)}/messages?path={Uri.EscapeDataString(path)}&pageSize={size}{page}"), null,
            EmailEngineJson.Default.EngineMessagePage, cancellationToken);
    }

    /// <summary>All that EmailEngine tells of a mail, as its JSON; null when the mail is not there any more.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">EmailEngine's id of the mail.</param>
    /// <param name="maxTextBytes">Where each of its texts is cut.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<JsonDocument?> FindMessageAsync(AccountId account, string id, int maxTextBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(
                HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{PathOf(account)}/message/{Segment(id)}?textType=*&maxBytes={maxTextBytes}"), null,
                EmailEngineJson.Default.JsonDocument, cancellationToken);
        }
        catch (EmailEngineException unknown) when (unknown is { Status: HttpStatusCode.NotFound, Error.Code: not null })
        {
            return null;
        }
    }

    /// <summary>The attached files of a mail; null when the mail is not there any more.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">EmailEngine's id of the mail.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<EngineFile>?> FindAttachmentsAsync(AccountId account, string id, CancellationToken cancellationToken)
    {
        try
        {
            return (await SendAsync(HttpMethod.Get, $"{PathOf(account)}/message/{Segment(id)}", null, EmailEngineJson.Default.EngineFiles, cancellationToken)).Attachments ?? [];
        }
        catch (EmailEngineException unknown) when (unknown is { Status: HttpStatusCode.NotFound, Error.Code: not null })
        {
            return null;
        }
    }

    /// <summary>Begins to read an attached file; the caller reads the content and disposes of the answer.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">EmailEngine's id of the file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HttpResponseMessage> OpenAttachmentAsync(AccountId account, string id, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await http.GetAsync($"{PathOf(account)}/attachment/{Segment(id)}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw await ReadErrorAsync(answer, cancellationToken);
            }
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            LogNoAnswer(exception);
            throw new EmailEngineException("EmailEngine does not answer, or not as EmailEngine would.", exception);
        }
    }

    /// <summary>Says in which folder sent mail is.</summary>
    public Task ChooseSentFolderAsync(AccountId account, string path, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Put, PathOf(account), JsonContent.Create(new AccountUpdate(new ImapUpdate(Partial: true, path)), EmailEngineJson.Default.AccountUpdate),
            EmailEngineJson.Default.AccountAnswer, cancellationToken);

    /// <summary>Puts a mail into the outbox, once for each idempotency key; asks again while EmailEngine asks for patience and there is time.</summary>
    public Task<SubmitAnswer> SubmitAsync(AccountId account, SubmitMessage message, string idempotencyKey, CancellationToken cancellationToken) =>
        retry.RunAsync(
            cancel => SendAsync(
                HttpMethod.Post, $"{PathOf(account)}/submit", JsonContent.Create(message, EmailEngineJson.Default.SubmitMessage),
                EmailEngineJson.Default.SubmitAnswer, cancel, idempotencyKey),
            cancellationToken);

    /// <summary>A part of the outbox of all accounts.</summary>
    /// <param name="page">Counts from 0.</param>
    /// <param name="size">Entries of a page, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<EngineOutbox> ListQueuedAsync(int page, int size, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"v1/outbox?page={page}&pageSize={size}"), null,
            EmailEngineJson.Default.EngineOutbox, cancellationToken);

    /// <summary>A mail in the outbox of whatever account; null when it is not there.</summary>
    public async Task<EngineQueued?> FindQueuedAsync(string queueId, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, PathOfQueued(queueId), null, EmailEngineJson.Default.EngineQueued, cancellationToken);
        }
        catch (EmailEngineException unknown) when (unknown.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Takes a mail out of the outbox; false when it is not there, or is being delivered.</summary>
    public async Task<bool> DeleteQueuedAsync(string queueId, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, PathOfQueued(queueId), null, EmailEngineJson.Default.DeletedAnswer, cancellationToken)).Deleted;

    /// <summary>Asks whether EmailEngine can work.</summary>
    public Task CheckHealthAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "health", null, EmailEngineJson.Default.HealthAnswer, cancellationToken);

    private static string PathOf(AccountId account) => $"v1/account/{Segment(account.Value)}";

    private static string PathOfQueued(string queueId) => $"v1/outbox/{Segment(queueId)}";

    /// <summary>As one segment of a path. Dots are not escaped and would be taken for a way upwards.</summary>
    private static string Segment(string text) =>
        text is "." or ".." ? throw new EmailEngineException(HttpStatusCode.NotFound, null, null) : Uri.EscapeDataString(text);

    private async Task<TAnswer> SendAsync<TAnswer>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken, string? idempotencyKey = null)
        where TAnswer : class
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add(IdempotencyHeader, idempotencyKey);
        }

        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadFromJsonAsync(answerType, cancellationToken) ?? throw new JsonException("null")
                : throw await ReadErrorAsync(answer, cancellationToken);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            LogNoAnswer(exception);
            throw new EmailEngineException("EmailEngine does not answer, or not as EmailEngine would.", exception);
        }
    }

    /// <summary>Refused connections, timeouts (also those of the resilience handler, which then opens its circuit), answers that are not EmailEngine's.</summary>
    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or ExecutionRejectedException or IOException or JsonException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<EmailEngineException> ReadErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var error = await ReadBodyAsync(answer, cancellationToken);
        var header = answer.Headers.RetryAfter;
        var retryAfter = header?.Delta ?? (header?.Date - time.GetUtcNow()) ?? (error?.Ttl is { } ttl ? TimeSpan.FromSeconds(Math.Clamp(ttl, 0, 86_400)) : null);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            LogNotLetIn((int)answer.StatusCode);
        }
        else if (answer.StatusCode >= HttpStatusCode.InternalServerError)
        {
            LogFailure((int)answer.StatusCode, error?.Code);
        }

        return new EmailEngineException(answer.StatusCode, error, retryAfter < TimeSpan.Zero ? TimeSpan.Zero : retryAfter);
    }

    /// <summary>What stands between us and EmailEngine may answer errors that are no JSON; the status is enough then.</summary>
    private static async Task<EmailEngineError?> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(EmailEngineJson.Default.EmailEngineError, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(420, LogLevel.Warning, "EmailEngine does not answer.")]
    private partial void LogNoAnswer(Exception exception);

    [LoggerMessage(421, LogLevel.Error, "EmailEngine answers {Status}: the token of ConnectionStrings:emailengine is not the right one, or allows too little.")]
    private partial void LogNotLetIn(int status);

    [LoggerMessage(422, LogLevel.Warning, "EmailEngine answers {Status} {Code}.")]
    private partial void LogFailure(int status, string? code);
}
