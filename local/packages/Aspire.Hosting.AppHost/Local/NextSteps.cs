namespace Aspire.Hosting.Local;

/// <summary>What a run says once everything is healthy: <c>local/next-steps.txt</c> with the values of run.json in place of {names}.</summary>
internal static class NextSteps
{
    public static string Format(string repository, IReadOnlyDictionary<string, string> run)
    {
        var text = File.ReadAllText(Path.Combine(repository, "local", "next-steps.txt"));
        foreach (var (name, value) in run)
        {
            text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        return text.TrimEnd();
    }
}
