using CrmMail.Processor.Housekeeping;
using CrmMail.SystemTests.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmMail.SystemTests.Processor;

public sealed class SkipJanitorTests(RunningApplication system)
{
    [Fact]
    public async Task Skips_older_than_30_days_are_forgotten_and_nothing_else()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var database = await ScratchDatabase.CreateAsync(system, cancel);
        await database.MigrateAsync(cancel);
        await database.ExecuteAsync(
            """
            insert into skipped_events (account_id, source, event_id, event, reason, topic, partition, "offset", correlation_id, recorded_at)
            select 'amy', 'emailengine', age || '-' || n, 'messageNew', 'no-contact', 'mail.events', 0, n, '', now() - age::interval
            from unnest(array['0 days', '29 days 23 hours', '30 days 1 hour', '400 days']) as age, generate_series(1, 6000) as n;
            insert into accounts (id) values ('amy');
            insert into dead_letters (reason, detail, fingerprint, topic, partition, "offset", dead_letter_partition, dead_letter_offset, attempt, first_failed_at, failed_at)
            values ('decode', '', '', 'mail.events', 0, 1, 0, 1, 1, now() - interval '400 days', now() - interval '400 days');
            """, cancel);
        using var janitor = new SkipJanitor(database.DataSource, TimeProvider.System, NullLogger<SkipJanitor>.Instance);

        await janitor.DeleteOldAsync(cancel);

        Assert.Equal(
            "0 days 6000, 29 days 23 hours 6000",
            await database.QueryAsync<string>("select string_agg(age || ' ' || count, ', ' order by age) from (select split_part(event_id, '-', 1) as age, count(*) from skipped_events group by 1) as ages", cancel));
        Assert.Equal(1, await database.QueryAsync<long>("select count(*) from dead_letters", cancel));
    }
}
