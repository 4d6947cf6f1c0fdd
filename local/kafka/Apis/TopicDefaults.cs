namespace KafkaBroker.Apis;

/// <summary>What applies where a request leaves it open.</summary>
/// <param name="Partitions">Of a topic that is made without a number.</param>
/// <param name="AutoCreate">Whether a topic is made when somebody asks for it.</param>
internal sealed record TopicDefaults(int Partitions, bool AutoCreate);
