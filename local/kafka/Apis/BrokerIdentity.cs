namespace KafkaBroker.Apis;

/// <summary>What clients are told of the broker.</summary>
/// <param name="ClusterId">Stays with the data.</param>
/// <param name="Host">Where it is reached.</param>
/// <param name="Port">Where it is reached.</param>
internal sealed record BrokerIdentity(string ClusterId, string Host, int Port)
{
    /// <summary>The number of the only broker.</summary>
    public const int NodeId = 1;
}
