namespace CrmMail.Contracts;

/// <summary>
/// The names under which the services report what they do: dashboards, alerts and traces rely on them as on any other contract.
/// No tag ever holds an address, an account, a subject or a text of a mail.
/// </summary>
public static class MailTelemetry
{
    /// <summary>The activity source and the meter of Ingest.</summary>
    public const string Ingest = "CrmMail.Ingest";

    /// <summary>Span tag: the <see cref="CorrelationId"/> of the event. Never on a metric, where every event would be a series of its own.</summary>
    public const string CorrelationIdTag = "crmmail.correlation_id";

    /// <summary>Counter: webhooks, by <see cref="AnswerTag"/>.</summary>
    public const string IngestWebhooks = "crmmail.ingest.webhooks";

    /// <summary>Metric tag: the answer to a webhook, <c>accepted</c> or the last part of the problem type.</summary>
    public const string AnswerTag = "answer";

    /// <summary>Counter: webhooks with a valid signature, by <see cref="InstanceTag"/> and <see cref="SecretTag"/>. It tells when a rotated secret is no longer used.</summary>
    public const string IngestSignatures = "crmmail.ingest.signatures";

    /// <summary>Metric tag: the configured name of an EmailEngine instance, <c>default</c>, or <c>mailparse</c>.</summary>
    public const string InstanceTag = "instance";

    /// <summary>Metric tag: the position of a secret in its list, from 0.</summary>
    public const string SecretTag = "secret";

    /// <summary>Histogram: seconds from handing an event to the producer until the broker's acknowledgement or failure, by <see cref="OutcomeTag"/>.</summary>
    public const string IngestProduceDuration = "crmmail.ingest.produce.duration";

    /// <summary>Metric and span tag: how an operation ended.</summary>
    public const string OutcomeTag = "outcome";

    /// <summary>Up-down counter: verified webhooks that wait for the broker.</summary>
    public const string IngestInFlight = "crmmail.ingest.in_flight";

    /// <summary>Up-down counter: bytes of the bodies of <see cref="IngestInFlight"/>.</summary>
    public const string IngestInFlightBytes = "crmmail.ingest.in_flight.size";

    /// <summary>Up-down counter: bytes of bodies that are being received.</summary>
    public const string IngestReceivingBytes = "crmmail.ingest.receiving.size";

    /// <summary>Gauge: 1 while webhooks are refused because the broker does not answer, else 0.</summary>
    public const string IngestBreakerOpen = "crmmail.ingest.breaker.open";

    /// <summary>Counter: bodies too large for a record, stored in PostgreSQL.</summary>
    public const string IngestSpilledBodies = "crmmail.ingest.spilled_bodies";

    /// <summary>Counter: attempts to read a page of MailParse's listing, by <see cref="OutcomeTag"/>: <c>read</c>, <c>failed</c>, <c>not-stored</c>.</summary>
    public const string IngestPolls = "crmmail.ingest.polls";

    /// <summary>Counter: mails that were read in pages of MailParse's listing and are in Kafka.</summary>
    public const string IngestPolledMails = "crmmail.ingest.polled_mails";

    /// <summary>The activity source and the meter of the Processor.</summary>
    public const string Processor = "CrmMail.Processor";

    /// <summary>Histogram: events in a batch.</summary>
    public const string ProcessorBatchSize = "crmmail.processor.batch.size";

    /// <summary>Histogram: seconds that a stage took for a batch, by <see cref="StageTag"/>; waits for a server that is away are not in it.</summary>
    public const string ProcessorStageDuration = "crmmail.processor.stage.duration";

    /// <summary>Metric tag: <c>decode</c> (with classify), <c>claim</c>, <c>match</c>, <c>write</c>, <c>mark</c>.</summary>
    public const string StageTag = "stage";

    /// <summary>Gauge: records that are not committed yet, by <see cref="PartitionTag"/>; of the partitions of this Processor.</summary>
    public const string ProcessorLag = "crmmail.processor.lag";

    /// <summary>Gauge: seconds since the oldest record that is not committed yet came to Kafka, by <see cref="PartitionTag"/>; 0 when there is none.</summary>
    public const string ProcessorLagTime = "crmmail.processor.lag.time";

    /// <summary>Metric tag: a partition of <see cref="MailTopics.Events"/>.</summary>
    public const string PartitionTag = "partition";

    /// <summary>Counter: mails that were looked up, once each, by <see cref="OutcomeTag"/>: <c>matched</c>, <c>unmatched</c>, and <c>own</c> between connected accounts.</summary>
    public const string ProcessorMatches = "crmmail.processor.matches";

    /// <summary>Counter: links to contacts that were left out because a mail has more of them than are linked.</summary>
    public const string ProcessorLinksLeftOut = "crmmail.processor.links.left_out";

    /// <summary>Counter: addresses of deals and companies in new activities that were not believed, by <see cref="KindTag"/>: <c>forged</c>, <c>untagged</c> or <c>unverified</c>.</summary>
    public const string ProcessorRefusedAddresses = "crmmail.processor.routing.refused_addresses";

    /// <summary>Counter: activities made.</summary>
    public const string ProcessorActivities = "crmmail.processor.activities";

    /// <summary>Counter: events without an activity of their own, by <see cref="ReasonTag"/>.</summary>
    public const string ProcessorSkips = "crmmail.processor.skips";

    /// <summary>
    /// Counter: events that came again, by <see cref="KindTag"/>: <c>dup_done</c> (Redis knows them as written), <c>dup_pending</c> (begun
    /// before, perhaps not written, and so written again), <c>dup_database</c> (the database knew them).
    /// </summary>
    public const string ProcessorDuplicates = "crmmail.processor.duplicates";

    /// <summary>Counter: dead letters, by <see cref="ReasonTag"/>.</summary>
    public const string ProcessorDeadLetters = "crmmail.processor.dead_letters";

    /// <summary>Histogram: seconds from the receipt of an event at Ingest to its commit in the database.</summary>
    public const string ProcessorDelay = "crmmail.processor.delay";

    /// <summary>The meter of the Api.</summary>
    public const string Api = "CrmMail.Api";

    /// <summary>Gauge: of the last hour, the share of mails with a known external party that were activities within five minutes.</summary>
    public const string PipelineCaptureRate = "crmmail.pipeline.capture_rate";

    /// <summary>Gauge: of the last hour, activities for each mail of an account.</summary>
    public const string PipelineDuplication = "crmmail.pipeline.duplication";

    /// <summary>Gauge: of the last hour, seconds from receipt to activity, by <see cref="QuantileTag"/>.</summary>
    public const string PipelineLatency = "crmmail.pipeline.latency";

    /// <summary>Metric tag: <c>0.5</c> or <c>0.95</c>.</summary>
    public const string QuantileTag = "quantile";

    /// <summary>Gauge: of the last hour, dead letters for each thousand events, by <see cref="ReasonTag"/>.</summary>
    public const string PipelineFailures = "crmmail.pipeline.failures";

    /// <summary>Gauge: of the last hour, the share of mails with an external party of which that is a contact.</summary>
    public const string PipelineContactCoverage = "crmmail.pipeline.contact_coverage";

    /// <summary>Gauge: of the last hour, the share of attachments that were asked for and handed out.</summary>
    public const string PipelineAttachmentSuccess = "crmmail.pipeline.attachment_success";

    /// <summary>Metric and span tag: the stable text of a reason.</summary>
    public const string ReasonTag = "reason";

    /// <summary>Metric tag: the kind of something.</summary>
    public const string KindTag = "kind";
}
