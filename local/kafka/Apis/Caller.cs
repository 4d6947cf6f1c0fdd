namespace KafkaBroker.Apis;

/// <summary>The client of a connection.</summary>
/// <param name="Host">Its address, as groups show it.</param>
/// <param name="Disconnected">Cancelled when the connection ends.</param>
internal sealed record Caller(string Host, CancellationToken Disconnected);
