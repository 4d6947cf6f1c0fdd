using System.Net;
using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Polly;

namespace CrmMail.Api.Attachments;

/// <summary>Opens attached files where they are: in the mailbox, through EmailEngine, or at the address that the mail tells, if that is an allowed one.</summary>
internal sealed class AttachmentSource(EmailEngineClient emailEngine, IHttpClientFactory clients, Redactor redactor, IOptions<AttachmentOptions> options)
{
    /// <summary>The client for files that are not in a mailbox. It follows no redirects, and shows nobody our token.</summary>
    public const string ClientName = "attachments";

    /// <summary>Why the file is not handed out, by what its mail tells of it; null when it may be opened.</summary>
    public AttachmentRefusal? Refuse(AttachedFile file, out FileKind? kind)
    {
        if (!FileKind.TryFind(file.Name, file.ContentType, out kind, out var refusal))
        {
            return refusal;
        }

        return !file.IsInMailbox && !IsAllowed(file.Url) ? AttachmentRefusal.PlaceNotAllowed
            : SizeOf(file) > options.Value.MaxBytes ? AttachmentRefusal.TooLarge
            : null;
    }

    /// <summary>Opens the file and looks at its first bytes.</summary>
    /// <exception cref="AttachmentRefusedException">It is not handed out.</exception>
    /// <exception cref="AttachmentUnavailableException">It cannot be had at its address, or the mailbox does not have the mail.</exception>
    /// <exception cref="EmailEngineException">EmailEngine does not give it.</exception>
    public async Task<OpenedFile> OpenAsync(AttachedFile file, CancellationToken cancellationToken)
    {
        if (Refuse(file, out var kind) is { } refusal)
        {
            throw new AttachmentRefusedException(refusal);
        }

        var answer = file.IsInMailbox ? await OpenInMailboxAsync(file, cancellationToken) : await OpenAtAsync(new Uri(file.Url!), cancellationToken);
        return await OpenedFile.OpenAsync(answer, kind!, options.Value.MaxBytes, cancellationToken);
    }

    /// <summary>EmailEngine's id of a file is another one in every folder, so it is asked for by the id of the mail of today.</summary>
    private async Task<HttpResponseMessage> OpenInMailboxAsync(AttachedFile file, CancellationToken cancellationToken)
    {
        var found = file.RemoteId is null ? null : await emailEngine.FindAttachmentsAsync(file.Account, file.RemoteId, cancellationToken);
        var known = found is not null && file.Id.Position < found.Count ? found[file.Id.Position] : null;
        return known is null || !IsNamed(known, file.Name)
            ? throw new AttachmentUnavailableException(isGone: true, "The mailbox does not have the file where it was.")
            : await emailEngine.OpenAttachmentAsync(file.Account, known.Id, cancellationToken);
    }

    /// <summary>Of a long name, the activity has the beginning; what no database takes was replaced in it, and what is never stored removed.</summary>
    private bool IsNamed(EngineFile file, string? name) =>
        file.Filename is null || name is null ? file.Filename == name : redactor.Redact(SafeText.Clean(file.Filename)).StartsWith(name, StringComparison.Ordinal);

    private async Task<HttpResponseMessage> OpenAtAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await clients.CreateClient(ClientName).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw new AttachmentUnavailableException(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone, $"Its place answers {(int)answer.StatusCode}.");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or ExecutionRejectedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AttachmentUnavailableException(isGone: false, "Its place does not answer.", exception);
        }
    }

    private bool IsAllowed(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && options.Value.AllowedOrigins.Contains(uri.GetLeftPart(UriPartial.Authority));

    /// <summary>The least that the file can have: what EmailEngine tells is a third more, and line ends.</summary>
    private static long? SizeOf(AttachedFile file) => file.IsInMailbox ? file.Size / 79 * 57 : file.Size;
}
