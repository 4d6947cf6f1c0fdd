using Microsoft.Extensions.Options;

namespace CrmMail.Api.Reconciliation;

/// <summary>How mailboxes are compared with the activities: the section <c>Reconciliation</c>.</summary>
internal sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>The most calls of EmailEngine per second, of all runs of this process together.</summary>
    public int RequestsPerSecond { get; set; } = 10;

    /// <summary>How many accounts this process compares at a time.</summary>
    public int Parallel { get; set; } = 2;

    /// <summary>A run begins this much before the last event that was seen, or before the outage: EmailEngine tries for about 43 minutes.</summary>
    public TimeSpan Margin { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A run that nobody told its beginning goes back at least this far: after an outage the first event is not the first that was missed.</summary>
    public TimeSpan ShortestRange { get; set; } = TimeSpan.FromDays(1);

    /// <summary>No run goes back further: skips are forgotten after 30 days, and what was skipped before would look as if it were missing.</summary>
    public TimeSpan LongestRange { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Without any heartbeat of Ingest for so long, all accounts are compared.</summary>
    public TimeSpan OutageAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a run that nobody asked for waits, while EmailEngine itself still tells what it has.</summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often somebody looks for outages that are over.</summary>
    public TimeSpan ScanInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A run whose mailbox is not connected for so long ends. When the mailbox comes back, that begins another one.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Finds wrong settings and says which.</summary>
internal sealed class ReconciliationOptionsValidator : IValidateOptions<ReconciliationOptions>
{
    private const int MaxRequestsPerSecond = 1000;
    private const int MaxParallel = 64;

    // Where "20" was meant to be seconds, it reads as twenty days.
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, ReconciliationOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check("RequestsPerSecond", options.RequestsPerSecond, 1, MaxRequestsPerSecond, result);
        Check("Parallel", options.Parallel, 1, MaxParallel, result);
        Check("Margin", options.Margin, TimeSpan.Zero, options.LongestRange, result);
        Check("ShortestRange", options.ShortestRange, TimeSpan.Zero, options.LongestRange, result);
        Check("LongestRange", options.LongestRange, TimeSpan.FromMinutes(1), Month, result);
        Check("OutageAfter", options.OutageAfter, TimeSpan.FromMinutes(1), Month, result);
        Check("SettleTime", options.SettleTime, TimeSpan.Zero, Hour, result);
        Check("ScanInterval", options.ScanInterval, TimeSpan.FromMilliseconds(100), Hour, result);
        Check("GiveUpAfter", options.GiveUpAfter, TimeSpan.Zero, Month, result);
        return result.Build();
    }

    private static void Check<T>(string setting, T value, T least, T most, ValidateOptionsResultBuilder result) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            result.AddError($"{ReconciliationOptions.Section}:{setting} is {value}; it must be {least} to {most}.");
        }
    }
}
