using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CrmMail.Api.Description;

/// <summary>What the OpenAPI document says of the Api as a whole.</summary>
internal sealed class DocumentDescription : IOpenApiDocumentTransformer
{
    public const string SecurityScheme = "apiKey";
    public const string ProblemSchema = "Problem";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "CrmMail",
            Version = "v1",
            Description = """
                Connects the mailboxes of CRM users, sends mail for them, and shows every mail with a contact on that contact's timeline.

                Every list is `{items, next}`: pass `next` as `cursor` to get the next page, until it is null. Every error is problem details (RFC 9457)
                with a stable `type`; `errors` names the fields of the request that are at fault.
                """,
        };

        // Wherever it was asked for: the document describes the Api and not one host of it.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SecurityScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key. Each has scopes: `crm`, `ops`." },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = Problem();
        return Task.CompletedTask;
    }

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "An error (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Tells the kinds of problems apart; never changes."),
            ["title"] = Text("The kind in words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("What is the matter this time, and what to do."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What is wrong, by field of the request.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
            ["traceId"] = Text("Finds the request in logs and traces."),
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
