namespace CrmMail.Api.Problems;

/// <summary>Ends a request with this problem, from code below the handlers.</summary>
internal sealed class ProblemException(Problem problem, Exception? innerException = null) : Exception(problem.Kind.Title, innerException)
{
    public Problem Problem => problem;
}
