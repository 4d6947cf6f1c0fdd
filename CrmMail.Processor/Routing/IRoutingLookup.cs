using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>A question to the database about all mails of a batch at once. One instance per worker.</summary>
internal interface IRoutingLookup
{
    /// <summary>Forgets the answers to the batch before, and gives the statement that asks about these mails; null when there is nothing to ask.</summary>
    NpgsqlBatchCommand? Ask(IReadOnlyList<RoutedMail> mails);

    /// <summary>Takes a row of the answer.</summary>
    void Read(NpgsqlDataReader row);
}
