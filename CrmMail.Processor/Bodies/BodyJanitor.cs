using CrmMail.Contracts;
using CrmMail.Processor.Housekeeping;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Processor.Bodies;

/// <summary>Deletes bodies that are older than they are kept. Nobody can read them from the moment on at which they are.</summary>
internal sealed partial class BodyJanitor(NpgsqlDataSource database, IOptions<BodyOptions> options, TimeProvider time, ILogger<BodyJanitor> logger) : Janitor(database, time)
{
    private readonly TimeProvider _time = time;

    protected override string Delete => """
        delete from activity_bodies
        where activity_id = any (array(
            select activity_id
            from activity_bodies
            where occurred_at < $1
            order by occurred_at
            limit $2
            for update skip locked))
        """;

    protected override int PageSize => 1000;

    protected override DateTime KeptSince => options.Value.KeptSince(_time);

    protected override void Failed(NpgsqlException exception) => LogFailed(exception);

    [LoggerMessage(391, LogLevel.Warning, "Old bodies could not be deleted; the next try is in an hour.")]
    private partial void LogFailed(Exception exception);
}
