namespace KafkaBroker.Storage;

/// <summary>A file that can be made to be on the disk.</summary>
internal interface IFlushable
{
    /// <summary>Returns when the disk has all that was written before.</summary>
    /// <exception cref="IOException">It does not.</exception>
    void Flush();
}
