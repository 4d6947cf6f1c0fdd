using Npgsql;

namespace CrmMail.Processor.Bodies;

/// <summary>Where bodies are written to.</summary>
internal interface IBodyTable
{
    /// <summary>Writes, in the transaction of the connection, what is new among the bodies and their readers.</summary>
    Task WriteAsync(List<OfferedBody> offered, NpgsqlConnection connection, CancellationToken cancellationToken);
}
