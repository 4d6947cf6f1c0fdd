namespace CrmMail.UnitTests.ServiceDefaults;

/// <summary>Runs alone: spans and metrics of one service are heard by all that listen in the process.</summary>
[CollectionDefinition(nameof(ProcessWideTelemetry), DisableParallelization = true)]
public sealed class ProcessWideTelemetry;
