namespace CrmMail.Api.Description;

internal static class DescriptionExtensions
{
    public static void AddDescription(this IHostApplicationBuilder builder) => builder.Services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer<DocumentDescription>();
        options.AddOperationTransformer<OperationDescription>();
    });

    /// <summary>Serves the OpenAPI document at <c>/openapi/v1.json</c>, to everybody: it tells how to call and holds no data.</summary>
    public static void MapDescription(this WebApplication app) => app.MapOpenApi();
}
