using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using CrmMail.Api.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmMail.SystemTests.Api;

/// <summary>The figures of docs/metrics.md, of rows that are known.</summary>
public sealed class MetricsTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset Noon = new(DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(-2).AddHours(12), TimeSpan.Zero);

    private ScratchApi _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Every_figure_is_what_its_definition_says()
    {
        await AddRowsAsync(Noon);

        var seen = (await ReadAsync(Noon, Noon.AddHours(1))).Json;

        Assert.Equal(
            """
            captureRate 0.5 of 3/6
            duplication 1.1667 of 7/6
            latency 3 300.8 of 5
            failures 230.7692 of 3/13: decode 76.9231 1, schema 153.8462 2
            contactCoverage 0.7778 of 7/9
            attachmentSuccess  of 0/0, nothing-to-count
            """.ReplaceLineEndings("\n"),
            Describe(seen));
    }

    [Fact]
    public async Task What_cannot_be_known_is_null_with_the_reason()
    {
        var nothing = Describe((await ReadAsync(Noon, Noon.AddHours(1))).Json);
        Assert.Equal(
            """
            captureRate  of 0/0, nothing-to-count
            duplication  of 0/0, nothing-to-count
            latency   of 0, nothing-to-count
            failures  of 0/0: , nothing-to-count
            contactCoverage  of 0/0, nothing-to-count
            attachmentSuccess  of 0/0, nothing-to-count
            """.ReplaceLineEndings("\n"),
            nothing);

        var old = Noon.AddDays(-40);
        await AddRowsAsync(old);
        var forgotten = Describe((await ReadAsync(old, old.AddHours(1))).Json);
        Assert.Equal(
            """
            captureRate 0.5 of 3/6
            duplication 1.1667 of 7/6
            latency 3 300.8 of 5
            failures  of 3/: decode  1, schema  2, skips-forgotten
            contactCoverage  of /, skips-forgotten
            attachmentSuccess  of 0/0, nothing-to-count
            """.ReplaceLineEndings("\n"),
            forgotten);
    }

    [Fact]
    public async Task A_time_span_that_is_none_is_refused_by_field_and_without_one_it_is_the_last_day()
    {
        foreach (var (query, fields) in new[]
        {
            ("?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z", "from"),
            ("?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z", "from"),
            ("?from=2026-01-01T00:00:00Z", "from"),
            ("?to=2126-01-01T00:00:00Z", "to"),
            ("?from=yesterday", "from"),
            ("?to=0001-01-01T00:00:00Z", "from"),
        })
        {
            (await _api.Client.GetAsync($"/api/metrics/pipeline{query}")).AssertProblem(400, "invalid-request", fields);
        }

        var seen = (await _api.Client.GetAsync("/api/metrics/pipeline")).Json;

        Assert.Equal(TimeSpan.FromDays(1), seen.GetProperty("to").GetDateTimeOffset() - seen.GetProperty("from").GetDateTimeOffset());
        Assert.InRange(DateTimeOffset.UtcNow - seen.GetProperty("to").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_last_hour_is_reported_as_instruments()
    {
        await AddRowsAsync(DateTimeOffset.UtcNow.AddMinutes(-30));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var gauges = new PipelineGauges(new PipelineReader(_api.Database.DataSource, TimeProvider.System), meters, TimeProvider.System, NullLogger<PipelineGauges>.Instance);
        await gauges.StartAsync(Cancel);

        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var seen = Observe(meters);
        while (seen.Length == 0)
        {
            await often.WaitForNextTickAsync(deadline.Token);
            seen = Observe(meters);
        }

        await gauges.StopAsync(Cancel);
        Assert.Equal(
            """
            crmmail.pipeline.capture_rate: 0.5
            crmmail.pipeline.contact_coverage: 0.7778
            crmmail.pipeline.duplication: 1.1667
            crmmail.pipeline.failures body_missing: 0
            crmmail.pipeline.failures decode: 76.9231
            crmmail.pipeline.failures row_rejected: 0
            crmmail.pipeline.failures schema: 153.8462
            crmmail.pipeline.failures too_large: 0
            crmmail.pipeline.latency 0.5: 3
            crmmail.pipeline.latency 0.95: 300.8
            """.ReplaceLineEndings("\n"),
            seen);
    }

    private static string Observe(IMeterFactory meters)
    {
        var lines = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name.StartsWith("crmmail.pipeline.", StringComparison.Ordinal) && instrument.Meter.Scope == meters)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => lines.Add($"{instrument.Name}{(tags.Length > 0 ? $" {tags[0].Value}" : "")}: {Number(value)}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Mails at the edges of every definition; those at <paramref name="from"/> and an hour later tell where the time span begins and ends.</summary>
    private async Task AddRowsAsync(DateTimeOffset from)
    {
        var start = from.ToString("o", CultureInfo.InvariantCulture);
        await _api.ExecuteAsync($"""
            truncate contacts, activities cascade;
            insert into accounts (id) values ('amy'), ('ben') on conflict do nothing;
            insert into contacts (id, name, created_at) values
                ('00000000-0000-7000-8000-000000000001', 'Ann', timestamptz '{start}' - interval '1 day'),
                ('00000000-0000-7000-8000-000000000002', 'Late', timestamptz '{start}' + interval '50 minutes');

            create temporary table told on commit drop as
            select *, timestamptz '{start}' + at as received
            from (values
                (1, 'amy', 'a', 'emailengine', interval '1 minute', 1, 1),
                (2, 'ben', 'a', 'emailengine', '2 minutes', 3, 1),
                (3, 'amy', 'b', 'emailengine', '3 minutes', 301, 1), -- late
                (4, 'amy', 'c', 'reconcile', '4 minutes', 1, 1), -- its webhook was lost
                (5, 'amy', 'd', 'emailengine', '5 minutes', 1, 2), -- nobody knew the contact then
                (6, 'amy', 'e', 'emailengine', '0 minutes', 300, 1), -- just in time
                (7, 'amy', 'e', 'emailengine', '6 minutes', 1, null), -- twice
                (8, 'amy', 'f', 'emailengine', '60 minutes', 1, 1)) -- beyond
                as told (id, account, mail, source, at, delay, contact);

            insert into activities (id, account_id, mail_key, direction, occurred_at, received_at, written_at, source, event_id, topic, partition, "offset", correlation_id)
            select id, account, sha256(mail::bytea), 'incoming', received, received, received + make_interval(secs => delay), source, 'e-' || id, 'mail.events', 0, id, md5(id::text)
            from told;
            insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
            select distinct ('00000000-0000-7000-8000-00000000000' || contact)::uuid, sha256(mail::bytea), timestamptz '{start}', 'incoming' from told where contact is not null;
            insert into activity_contacts (activity_id, contact_id, role, entry_id)
            select told.id, entry.contact_id, 'from', entry.id
            from told
            join timeline_entries as entry on entry.contact_id = ('00000000-0000-7000-8000-00000000000' || contact)::uuid and entry.mail_key = sha256(mail::bytea);

            truncate skipped_events;
            insert into skipped_events (account_id, source, event_id, event, reason, topic, partition, "offset", correlation_id, recorded_at)
            select 'amy', 'emailengine', 's-' || at, 'messageNew', reason, 'mail.events', 0, 1, '', timestamptz '{start}' + make_interval(mins => at)
            from (values (0, 'no-contact'), (10, 'no-contact'), (20, 'drafts'), (60, 'no-contact')) as skip (at, reason);

            truncate dead_letters cascade;
            insert into dead_letters (event, reason, detail, fingerprint, topic, partition, "offset", dead_letter_partition, dead_letter_offset, attempt, first_failed_at, failed_at, state)
            select event, reason, '', '', 'mail.events', 0, at, 0, 0, 1, timestamptz '{start}' + make_interval(mins => at), now(), state
            from (values (0, 'messageNew', 'schema', 'open'), (1, null, 'decode', 'open'), (2, 'messageNew', 'schema', 'discarded'), (60, 'messageNew', 'row_rejected', 'open'))
                as letter (at, event, reason, state);
            """);
    }

    private Task<ApiAnswer> ReadAsync(DateTimeOffset from, DateTimeOffset to) =>
        _api.Client.GetAsync($"/api/metrics/pipeline?from={Uri.EscapeDataString(from.ToString("o"))}&to={Uri.EscapeDataString(to.ToString("o"))}");

    private static string Describe(JsonElement figures)
    {
        return string.Join(
            '\n',
            Share("captureRate"),
            Share("duplication"),
            $"latency {Member("latency", "p50Seconds")} {Member("latency", "p95Seconds")} of {Member("latency", "mails")}{Gap("latency")}",
            $"failures {Member("failures", "perThousand")} of {Member("failures", "failed")}/{Member("failures", "events")}: {Classes()}{Gap("failures")}",
            Share("contactCoverage"),
            Share("attachmentSuccess"));

        string Share(string name) => $"{name} {Member(name, "value")} of {Member(name, "part")}/{Member(name, "whole")}{Gap(name)}";
        string Member(string name, string member) => Number(figures.GetProperty(name).GetProperty(member));
        string Gap(string name) => figures.GetProperty(name).GetProperty("unknown").GetString() is { } gap ? $", {gap}" : "";
        string Classes() => string.Join(
            ", ", figures.GetProperty("failures").GetProperty("classes").EnumerateArray().Select(part => $"{part.GetProperty("reason")} {Number(part.GetProperty("perThousand"))} {part.GetProperty("failed")}"));
    }

    private static string Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? "" : Number(value.GetDouble());

    private static string Number(double value) => Math.Round(value, 4).ToString(CultureInfo.InvariantCulture);
}
