namespace CrmMail.Benchmarks.Load;

/// <summary>Makes the requests of one connection.</summary>
internal interface IRequestSource
{
    /// <summary>The next request as bytes of HTTP/1.1, good until the next call.</summary>
    ReadOnlyMemory<byte> Next();
}
