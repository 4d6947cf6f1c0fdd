namespace KafkaBroker.Server;

/// <summary>A request as it came, without its length. Valid until it is disposed.</summary>
/// <param name="body">The bytes.</param>
/// <param name="release">Gives the memory back; null when there is none to give.</param>
internal readonly struct Frame(Memory<byte> body, Action? release) : IDisposable
{
    public Memory<byte> Body => body;

    public void Dispose() => release?.Invoke();
}
