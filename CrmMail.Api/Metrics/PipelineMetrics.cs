using CrmMail.Contracts;

namespace CrmMail.Api.Metrics;

/// <summary>How well mail becomes activities, of the mails and events of a time span.</summary>
/// <param name="From">The beginning.</param>
/// <param name="To">The end, which is not in it.</param>
/// <param name="CaptureRate">Mails with a known external party that are activities within five minutes.</param>
/// <param name="Duplication">Activities for each mail of an account: 1 is right.</param>
/// <param name="Latency">From the receipt of a mail to its activity.</param>
/// <param name="Failures">Events that could not be written.</param>
/// <param name="ContactCoverage">Mails with an external party of which that is a contact.</param>
/// <param name="AttachmentSuccess">Attached files that were asked for and handed out.</param>
internal sealed record PipelineMetrics(
    DateTimeOffset From,
    DateTimeOffset To,
    Share CaptureRate,
    Share Duplication,
    Latency Latency,
    Failures Failures,
    Share ContactCoverage,
    Share AttachmentSuccess);

/// <summary>A part of a whole.</summary>
/// <param name="Value">The part divided by the whole; null where that is not known.</param>
/// <param name="Part">How many.</param>
/// <param name="Whole">Of how many.</param>
/// <param name="Unknown">Why there is no value; null when there is one.</param>
internal sealed record Share(double? Value, long? Part, long? Whole, MetricGap? Unknown)
{
    /// <summary>The share; without a value where there is nothing.</summary>
    public static Share Of(long part, long whole) => whole == 0 ? new(null, part, whole, MetricGap.NothingToCount) : new((double)part / whole, part, whole, null);

    /// <summary>The share is not known.</summary>
    public static Share WithGap(MetricGap gap) => new(null, null, null, gap);
}

/// <summary>How long mails took.</summary>
/// <param name="P50Seconds">Half of them took at most this long; null where that is not known.</param>
/// <param name="P95Seconds">19 of 20 took at most this long; null where that is not known.</param>
/// <param name="Mails">How many mails.</param>
/// <param name="Unknown">Why there are no values; null when there are.</param>
internal sealed record Latency(double? P50Seconds, double? P95Seconds, long Mails, MetricGap? Unknown);

/// <summary>Events that became dead letters.</summary>
/// <param name="PerThousand">For each thousand events; null where that is not known.</param>
/// <param name="Failed">How many, whatever has become of them since.</param>
/// <param name="Events">Of how many events; null where that is not known.</param>
/// <param name="Classes">The same by what was wrong with them, without those that did not occur.</param>
/// <param name="Unknown">Why there is no rate; null when there is one.</param>
internal sealed record Failures(double? PerThousand, long Failed, long? Events, IReadOnlyList<FailureClass> Classes, MetricGap? Unknown);

/// <summary>Events that could not be written for one reason.</summary>
/// <param name="Reason">What was wrong.</param>
/// <param name="PerThousand">For each thousand events; null where that is not known.</param>
/// <param name="Failed">How many.</param>
internal sealed record FailureClass(DeadLetterReason Reason, double? PerThousand, long Failed);
