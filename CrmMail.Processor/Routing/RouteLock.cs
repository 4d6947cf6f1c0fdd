using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>
/// What a conversation has is seen by everybody who routes a mail of it, or comes after: whoever routes shares a lock until the end of the
/// transaction, and whoever adds to a conversation that has a deal has it alone. It is the last lock but for the routes themselves, so nobody
/// waits in a circle. Of every draft of a replay there is another.
/// </summary>
internal static class RouteLock
{
    // What was locked after it is given back by going back to it.
    private const string Begin = "savepoint routes";
    private const string GiveBack = "rollback to savepoint routes";
    private const string Share = "select pg_advisory_xact_lock_shared(hashtext(current_schema() || '.activity_routes'))";
    private const string TakeAlone = "select pg_advisory_xact_lock(hashtext(current_schema() || '.activity_routes'))";

    /// <summary>Adds what is to be done before the mails are read the first time. It answers with one result.</summary>
    public static void AddShare(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new(Begin));
        batch.BatchCommands.Add(new(Share));
    }

    /// <summary>Adds what is to be done before they are read again by somebody who is alone. It answers with one result.</summary>
    public static void AddTakeAlone(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new(GiveBack));
        batch.BatchCommands.Add(new(TakeAlone));
    }
}
