using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Auth;
using EmailEngineSimulator.Control;

namespace EmailEngineSimulator.Http;

/// <summary>Routes of the API: authenticated, validated against the description, errors in EmailEngine's shape.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, ApiDescription api, Switches switches)
{
    /// <summary>What lies below an account is done by the worker of its connection; the account itself is a record.</summary>
    private const string WorkersPath = "/v1/account/{account}/";

    /// <param name="method">HTTP method.</param>
    /// <param name="path">As in the description, <c>/v1/account/{account}</c>.</param>
    /// <param name="handle">The answer; an <see cref="IResult"/> or anything that becomes JSON.</param>
    public void Map(string method, string path, Func<ApiCall, object> handle)
    {
        var operation = api.Operation(method, path);
        routes.MapMethods(path, [method], async (HttpContext context) =>
        {
            RefuseIfSwitched(path);
            var headers = api.ReadHeaders(operation, context.Request.Headers);
            var parameters = api.ReadPath(operation, context.Request.RouteValues);
            var query = api.ReadQuery(operation, context.Request.Query);
            var body = api.ReadBody(operation, await ReadJsonAsync(context.Request, context.RequestAborted));
            var answer = handle(new ApiCall(headers, parameters, query, body));
            return answer as IResult ?? Results.Json(answer, EngineJson.Options);
        }).AddEndpointFilter<BearerAuthentication>();
    }

    private void RefuseIfSwitched(string path)
    {
        switch (switches.Api)
        {
            case ApiBehaviour.RateLimited:
                throw ApiError.RateLimited();
            case ApiBehaviour.WithoutWorkers when path.StartsWith(WorkersPath, StringComparison.Ordinal):
                throw ApiError.Unavailable("No active handler for requested account. Try again later.", "WorkerNotAvailable");
            default:
                break;
        }
    }

    /// <summary>Turns an <see cref="ApiError"/> into its answer.</summary>
    public static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ApiError error) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, error);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, new ApiError((HttpStatusCode)exception.StatusCode, exception.InnerException?.Message ?? exception.Message));
        }
    }

    /// <summary>A bug of the simulator looks like one of EmailEngine; the log has the exception.</summary>
    public static void AnswerUnexpected(IApplicationBuilder app) =>
        app.Run(context => AnswerAsync(context, new ApiError(HttpStatusCode.InternalServerError, "An internal server error occurred")));

    private static Task AnswerAsync(HttpContext context, ApiError error)
    {
        context.Response.StatusCode = (int)error.Status;
        if (error.Status == HttpStatusCode.Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (error.SecondsToWait is { } seconds)
        {
            // EmailEngine sends no Retry-After.
            context.Response.Headers["X-RateLimit-Limit"] = "1";
            context.Response.Headers["X-RateLimit-Reset"] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsJsonAsync(error.Body, EngineJson.Options, context.RequestAborted);
    }

    private static async Task<JsonNode?> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
        {
            return null;
        }

        if (!request.HasJsonContentType())
        {
            throw new ApiError(HttpStatusCode.UnsupportedMediaType, "Unsupported Media Type");
        }

        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            throw ApiError.BadRequest("Invalid request payload JSON format");
        }
    }
}
