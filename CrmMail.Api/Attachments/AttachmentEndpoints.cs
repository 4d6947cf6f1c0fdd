using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.EmailEngine;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Attachments;

internal static class AttachmentEndpoints
{
    private const string AnyContent = "application/octet-stream";

    private static readonly AttachmentList Example = new(
        [
            new("17-0", "contract.pdf", "application/pdf", 18_231, null, AttachmentState.Linked, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", new(2026, 11, 22, 21, 0, 0, TimeSpan.Zero)),
            new("17-1", "setup.exe", AnyContent, 58, AttachmentRefusal.KindNotAllowed, null, null, null),
        ],
        2);

    public static void AddAttachments(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AttachmentOptions>().BindConfiguration(AttachmentOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AttachmentOptions>, AttachmentOptionsValidator>();

        // Its log lines would show addresses, which may be secrets.
        builder.Services.AddHttpClient(AttachmentSource.ClientName).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        builder.Services.AddSingleton<AttachmentTable>();
        builder.Services.AddTransient<AttachmentSource>();
        builder.Services.AddHostedService<AttachmentRetries>();
    }

    public static void MapAttachments(this IEndpointRouteBuilder routes)
    {
        var crm = routes.MapGroup("/api").WithTags("Attachments").RequireScope(ApiScope.Crm);
        crm.MapGet("/activities/{id:long}/attachments", ListAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound);
        crm.MapGet("/attachments/{id}", DownloadAsync)
            .Produces<Stream>(contentType: AnyContent)
            .Produces(StatusCodes.Status304NotModified)
            .AnswersExample("%PDF-1.7 ...")
            .FailsWith(
                ProblemKind.NotFound, ProblemKind.AccountNotFound, ProblemKind.AttachmentRefused, ProblemKind.AttachmentUnavailable,
                ProblemKind.EmailEngineRateLimited, ProblemKind.EmailEngineUnavailable, ProblemKind.MailboxUnavailable);
    }

    /// <summary>List the attached files of a mail</summary>
    /// <remarks>As the mail tells of them. Nothing is asked of the mailbox.</remarks>
    internal static async Task<Results<Ok<AttachmentList>, Problem>> ListAsync(
        [Description("An activity of the mail.")] long id, AttachmentTable table, AttachmentSource source, CancellationToken cancellationToken)
    {
        if (await table.ReadAsync(id, cancellationToken) is not var (files, count))
        {
            return new Problem(ProblemKind.NotFound, "There is no activity with this id.");
        }

        return TypedResults.Ok(new AttachmentList([.. files.Select(file => Show(file, source))], count));
    }

    /// <summary>Download an attached file</summary>
    /// <remarks>
    /// It is read from the mailbox, or from where the mail says, at this moment, and nothing of it is kept here but its checksum. Its first bytes
    /// have to be those of its kind; a program is never handed out. With `If-None-Match` of a checksum that is still believed: 304, and nobody is asked.
    /// </remarks>
    internal static async Task<IResult> DownloadAsync(
        [Description("The `id` of the file.")] string id,
        [FromHeader(Name = "If-None-Match"), Description("An `ETag` of this file.")] string? ifNoneMatch,
        AttachmentTable table,
        AttachmentSource source,
        IOptions<AttachmentOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!AttachmentId.TryParse(id, out var wanted) || await table.FindAsync(wanted, cancellationToken) is not { } file)
        {
            return new Problem(ProblemKind.NotFound, "There is no attachment with this id.");
        }

        if (file.ETagAt(time.GetUtcNow()) is { } tag && ifNoneMatch?.Contains(tag, StringComparison.Ordinal) == true)
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        try
        {
            return new AttachmentContent(file, await source.OpenAsync(file, cancellationToken));
        }
        catch (AttachmentRefusedException refused)
        {
            await table.RefuseAsync(file.Id, refused.Refusal, isAsked: true, cancellationToken);
            return new Problem(ProblemKind.AttachmentRefused, $"Files like this are not handed out: {refused.Refusal.ToText()}.");
        }
        catch (AttachmentUnavailableException unavailable)
        {
            await table.FailAsync(file.Id, options.Value.RetryDelay, unavailable.Message, cancellationToken);
            return unavailable.IsGone
                ? new Problem(ProblemKind.NotFound, unavailable.Message)
                : new Problem(ProblemKind.AttachmentUnavailable, unavailable.Message) { RetryAfter = options.Value.RetryDelay };
        }
        catch (EmailEngineException exception)
        {
            await table.FailAsync(file.Id, options.Value.RetryDelay, AttachmentRetries.Describe(exception), cancellationToken);
            throw;
        }
    }

    private static Attachment Show(AttachedFile file, AttachmentSource source) => new(
        file.Id.ToString(),
        file.Name,
        file.ContentType,
        file.Size,
        source.Refuse(file, out _),
        file.State,
        file.Sha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : null,
        file.ExpiresAt);
}
