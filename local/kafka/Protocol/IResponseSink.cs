using Microsoft.Win32.SafeHandles;

namespace KafkaBroker.Protocol;

/// <summary>Where an answer goes.</summary>
internal interface IResponseSink
{
    /// <summary>Sends bytes, waiting for the client to take them.</summary>
    /// <param name="bytes">Valid only until it returns.</param>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Sends of a file what can be sent without waiting.</summary>
    /// <param name="file">The file.</param>
    /// <param name="position">First byte.</param>
    /// <param name="count">Bytes.</param>
    /// <returns>How many bytes went; 0 too where files cannot be sent, or the connection is broken: <see cref="SendAsync"/> will say so.</returns>
    int SendWithoutWaiting(SafeFileHandle file, long position, int count);
}
