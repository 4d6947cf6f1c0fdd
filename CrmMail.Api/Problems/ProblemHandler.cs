using Microsoft.AspNetCore.Diagnostics;

namespace CrmMail.Api.Problems;

/// <summary>Answers a request that ended with an exception.</summary>
internal sealed class ProblemHandler(ExceptionProblems problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // Nobody is there to read an answer; 499 is what proxies and dashboards know such a request by.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await problems.Of(exception).ExecuteAsync(httpContext);
        return true;
    }
}
