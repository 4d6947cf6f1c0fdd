namespace KafkaBroker.Apis;

/// <summary>What settings can be of, by Kafka's numbers.</summary>
internal enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,
}
