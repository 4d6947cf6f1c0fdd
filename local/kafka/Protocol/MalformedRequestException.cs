namespace KafkaBroker.Protocol;

/// <summary>A frame that is no request of the protocol. It ends the connection it came from.</summary>
/// <param name="message">What is wrong with it.</param>
internal sealed class MalformedRequestException(string message) : Exception(message);
