using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmMail.Api.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CrmMail.Api.Description;

/// <summary>Completes an operation: who may call it, examples, and every problem that it may answer with.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    private static readonly ProblemKind[] OfEveryOperation =
    [
        ProblemKind.InvalidRequest, ProblemKind.MalformedRequest, ProblemKind.Unauthenticated, ProblemKind.MissingScope, ProblemKind.RateLimited,
        ProblemKind.InternalError, ProblemKind.DatabaseUnavailable,
    ];

    private static readonly ProblemKind[] OfEveryBody = [ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType];

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        RequireKey(operation, metadata, context.Document!);
        AddExamples(operation, metadata);
        ProblemKind[] ofBody = operation.RequestBody is null ? [] : OfEveryBody;
        AddProblems(operation, [.. OfEveryOperation, .. ofBody, .. metadata.OfType<EndpointDescription.DeclaredProblems>().SelectMany(declared => declared.Kinds)], context.Document!);
        return Task.CompletedTask;
    }

    private static void RequireKey(OpenApiOperation operation, IList<object> metadata, OpenApiDocument document)
    {
        var scopes = metadata.OfType<IAuthorizeData>().Select(access => access.Policy!).Distinct().ToList();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentDescription.SecurityScheme, document)] = [] }];
        operation.Description = $"{operation.Description}\n\nScope: `{string.Join("`, `", scopes)}`.".Trim();
    }

    private static void AddExamples(OpenApiOperation operation, IList<object> metadata)
    {
        if (metadata.OfType<EndpointDescription.RequestExample>().LastOrDefault() is { } request
            && operation.RequestBody?.Content?.Values.FirstOrDefault() is { } taken)
        {
            taken.Example = ToJson(request.Value);
        }

        foreach (var answer in metadata.OfType<EndpointDescription.AnswerExample>())
        {
            if (operation.Responses?.TryGetValue(answer.Status.ToString(CultureInfo.InvariantCulture), out var response) == true
                && response.Content?.Values.FirstOrDefault() is { } given)
            {
                given.Example = ToJson(answer.Value);
            }
        }
    }

    private static void AddProblems(OpenApiOperation operation, ProblemKind[] kinds, OpenApiDocument document)
    {
        operation.Responses ??= [];
        foreach (var sameStatus in kinds.Distinct().GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[sameStatus.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(" ", sameStatus.Select(kind => kind.Title)),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypeNames.Application.ProblemJson] = new()
                    {
                        Schema = new OpenApiSchemaReference(DocumentDescription.ProblemSchema, document),
                        Examples = sameStatus.ToDictionary(kind => kind.Name, IOpenApiExample (kind) => new OpenApiExample { Value = ExampleOf(kind) }),
                    },
                },
            };
        }
    }

    private static JsonObject ExampleOf(ProblemKind kind)
    {
        var example = new JsonObject { ["type"] = kind.Type, ["title"] = kind.Title, ["status"] = kind.Status };
        if (kind == ProblemKind.InvalidRequest)
        {
            example["errors"] = new JsonObject { ["limit"] = new JsonArray("The limit is 1 to 200.") };
        }

        return example;
    }

    private static JsonNode? ToJson(object example) => JsonSerializer.SerializeToNode(example, example.GetType(), ApiJson.Options);
}
