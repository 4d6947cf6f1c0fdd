namespace KafkaConformance.Tests.Brokers;

/// <summary>The brokers that every rule holds for.</summary>
public enum BrokerKind
{
    /// <summary>The reference.</summary>
    Apache,

    /// <summary>Local mode's own.</summary>
    Local,

    /// <summary>Local mode's own with <c>--fsync</c>.</summary>
    LocalFsync,
}
