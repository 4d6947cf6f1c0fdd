using Npgsql;

namespace CrmMail.Processor.Database;

/// <summary>The statements of a batch are the same for every batch: PostgreSQL reads and plans them once for each connection.</summary>
internal static class PreparedStatements
{
    /// <summary>Of the connection string. 0 turns it off, which PgBouncer before 1.21 needs in its transaction mode.</summary>
    public const string Setting = "Max Auto Prepare";

    // Those of live events, replays and past mail together; what else is asked now and then drops out by itself.
    private const int Most = 100;

    /// <summary>Has Npgsql prepare what is executed again and again, unless the connection string says how many statements that may be.</summary>
    public static void Keep(NpgsqlDataSourceBuilder database)
    {
        if (!database.ConnectionStringBuilder.ShouldSerialize(Setting))
        {
            database.ConnectionStringBuilder.MaxAutoPrepare = Most;
        }
    }
}
