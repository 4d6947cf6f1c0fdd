using System.Globalization;

namespace CrmMail.FaultTests;

/// <summary>What <c>./test faults</c> was asked for, from the environment.</summary>
/// <param name="Seed">Decides load and faults: the same seed, the same schedule.</param>
/// <param name="Duration">How long faults go on.</param>
/// <param name="EventsPerSecond">Webhooks per second over all accounts, while Ingest takes them.</param>
internal sealed record FaultSettings(int Seed, TimeSpan Duration, int EventsPerSecond)
{
    public static FaultSettings FromEnvironment() => new(
        (int)Read("CRMMAIL_FAULTS_SEED", 1),
        TimeSpan.FromMinutes(Read("CRMMAIL_FAULTS_MINUTES", 2)),
        (int)Read("CRMMAIL_FAULTS_RATE", 150));

    private static double Read(string variable, double otherwise)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(text) ? otherwise
            : double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new ArgumentException($"{variable}={text} is no number above 0.");
    }
}
