using CrmMail.Api.Problems;

namespace CrmMail.Api.Description;

/// <summary>What an endpoint says of itself beyond its types: examples, and the problems that it has of its own.</summary>
internal static class EndpointDescription
{
    /// <summary>An example of the request body.</summary>
    public static TBuilder TakesExample<TBuilder>(this TBuilder endpoint, object example) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequestExample(example));

    /// <summary>An example of an answer.</summary>
    public static TBuilder AnswersExample<TBuilder>(this TBuilder endpoint, object example, int status = StatusCodes.Status200OK) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AnswerExample(status, example));

    /// <summary>The problems of this endpoint, beside those that every endpoint may answer with.</summary>
    public static TBuilder FailsWith<TBuilder>(this TBuilder endpoint, params ProblemKind[] kinds) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new DeclaredProblems(kinds));

    internal sealed record RequestExample(object Value);

    internal sealed record AnswerExample(int Status, object Value);

    internal sealed record DeclaredProblems(ProblemKind[] Kinds);
}
