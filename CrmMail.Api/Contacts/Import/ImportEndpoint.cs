using System.Buffers;
using CrmMail.Api.Description;
using CrmMail.Api.Problems;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CrmMail.Api.Contacts;

internal static class ImportEndpoint
{
    private const string ContentType = "application/x-ndjson";

    public static void MapImport(this IEndpointRouteBuilder contacts) => contacts.MapPost("/import", ImportAsync)
        .WithMetadata(new DisableRequestSizeLimitAttribute())
        .Accepts<ContactRequest>(ContentType)
        .Produces<ImportResult>(contentType: ContentType)
        .TakesExample(new ContactRequest("Ann Smith", ["ann@customer.example"]))
        .AnswersExample(new ImportResult(1, ImportStatus.Created, new Guid("0198d5a5-7c00-7000-8000-0242ac120002")));

    /// <summary>Import contacts</summary>
    /// <remarks>
    /// One contact per line, any number of lines, at most 64 KiB each. Every line gets a line as answer, in order and as soon as it is
    /// written; a line that is wrong fails alone. A line finds its contact by any of its addresses: name and company replace those of the
    /// contact unless they are left out, addresses are added. So an import that broke off can simply be sent again. If the import itself
    /// fails after the first answers, the last line is `{"problem": ...}`, and the lines without an answer were not imported.
    /// </remarks>
    internal static async Task ImportAsync(HttpContext context, ContactImport import, ExceptionProblems problems, CancellationToken cancellationToken)
    {
        // Whoever imports may take breaks, and may read no answer before everything is sent.
        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        context.Response.ContentType = ContentType;
        await using var answers = new ResultSpool();
        var answering = answers.CopyToAsync(context.Response.BodyWriter, cancellationToken);
        try
        {
            await import.RunAsync(context.Request.BodyReader, answers, cancellationToken);
        }
        catch (Exception exception) when (answers.HasAnswers && !cancellationToken.IsCancellationRequested)
        {
            await answers.WriteAsync(ProblemLine(problems.Of(exception), context), cancellationToken);
        }
        finally
        {
            answers.Complete();
            await answering;
        }
    }

    private static ReadOnlyMemory<byte> ProblemLine(Problem problem, HttpContext context)
    {
        var json = new ArrayBufferWriter<byte>();
        ContactImport.Write(json, new { problem = problem.ToDetails(context) });
        return json.WrittenMemory;
    }
}
