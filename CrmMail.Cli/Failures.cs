namespace CrmMail.Cli;

/// <summary>The command line cannot be carried out as it stands.</summary>
/// <param name="message">Cause and cure in one sentence, without the period.</param>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The server refuses, fails, or is not there.</summary>
/// <param name="message">Cause and cure in one sentence, without the period.</param>
/// <param name="isPassing">Whether it may be otherwise in a moment.</param>
/// <param name="innerException">What it came from.</param>
internal sealed class ServerException(string message, bool isPassing = false, Exception? innerException = null) : Exception(message, innerException)
{
    public bool IsPassing => isPassing;
}
