using Npgsql;

namespace CrmMail.Processor.Housekeeping;

/// <summary>Forgets why events were skipped after 30 days.</summary>
internal sealed partial class SkipJanitor(NpgsqlDataSource database, TimeProvider time, ILogger<SkipJanitor> logger) : Janitor(database, time)
{
    /// <summary>How long a skip is remembered.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private readonly TimeProvider _time = time;

    protected override string Delete => """
        delete from skipped_events
        where ctid = any (array(
            select ctid
            from skipped_events
            where recorded_at < $1
            limit $2
            for update skip locked))
        """;

    protected override int PageSize => 5000;

    protected override DateTime KeptSince => _time.GetUtcNow().UtcDateTime - KeptFor;

    protected override void Failed(NpgsqlException exception) => LogFailed(exception);

    [LoggerMessage(330, LogLevel.Warning, "Old skips could not be deleted; the next try is in an hour.")]
    private partial void LogFailed(Exception exception);
}
