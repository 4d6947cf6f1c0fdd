namespace CrmMail.Api.Problems;

internal static class ProblemExtensions
{
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton<ExceptionProblems>();
        builder.Services.AddExceptionHandler<ProblemHandler>();
    }

    /// <summary>Every error of every later step leaves as a <see cref="Problem"/>, also those that the framework answers by a bare status.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(bare => new Problem(ProblemKind.Of(bare.HttpContext.Response.StatusCode)).ExecuteAsync(bare.HttpContext));
    }
}
