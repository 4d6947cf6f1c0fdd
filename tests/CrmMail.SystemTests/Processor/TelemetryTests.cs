using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Processor;

/// <summary>What the Processor tells of itself, and what it must not tell (R8).</summary>
public sealed class TelemetryTests(RunningApplication system)
{
    private const string Ann = "ann@customer.example";

    [Fact]
    public async Task Every_instrument_tells_what_happened_and_no_more()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        using var listening = new Listening();
        var mail = pipeline.Record(Events.Mail("offer", Ann), "a");
        var self = Events.New("Inbox", """  "messageId":"<s@x>","from":{"address":"amy@corp.example"},"to":[{"address":"amy@corp.example"}]  """);
        await pipeline.Database.ExecuteAsync("insert into accounts (id) values ('amy'); insert into account_addresses values ('amy', 'amy@corp.example')", TestContext.Current.CancellationToken);

        await pipeline.ProcessAsync(mail, pipeline.Record(Events.Mail("spam", "stranger@x.example"), "b"), pipeline.Record(self, "c"), pipeline.Record("{}", "d"));
        await pipeline.ProcessAsync(mail);

        Assert.Equal(
            """
            crmmail.processor.activities = 1
            crmmail.processor.batch.size = 5
            crmmail.processor.dead_letters reason=schema = 1
            crmmail.processor.delay
            crmmail.processor.duplicates kind=dup_done = 1
            crmmail.processor.matches outcome=matched = 1
            crmmail.processor.matches outcome=own = 1
            crmmail.processor.matches outcome=unmatched = 1
            crmmail.processor.skips reason=no-contact = 1
            crmmail.processor.skips reason=self-mail = 1
            crmmail.processor.stage.duration stage=claim
            crmmail.processor.stage.duration stage=decode
            crmmail.processor.stage.duration stage=mark
            crmmail.processor.stage.duration stage=match
            crmmail.processor.stage.duration stage=write
            """,
            listening.Measurements());
    }

    [Fact]
    public async Task Duplicates_are_told_apart_by_who_knew_them()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        using var listening = new Listening();
        var body = Events.Mail("spam", "stranger@x.example");

        // Two places with one event: Redis has the claim of the first, and the database has what it became.
        await pipeline.ProcessAsync(pipeline.Record(body, "a"), pipeline.Record(body, "a"));

        var measurements = listening.Measurements();
        Assert.Contains("crmmail.processor.duplicates kind=dup_pending = 1", measurements, StringComparison.Ordinal);
        Assert.Contains("crmmail.processor.duplicates kind=dup_database = 1", measurements, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_trace_reaches_from_the_request_to_the_commit()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        using var listening = new Listening();

        await pipeline.ProcessAsync(pipeline.Record(Events.Mail("offer", Ann), "a", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        var spans = listening.Spans.Where(span => span.TraceId.ToString() == "0af7651916cd43dd8448eb211c80319c").ToArray();
        var ofEvent = Assert.Single(spans, span => span.DisplayName == "process mail.events");
        Assert.Equal("b7ad6b7169203331", ofEvent.ParentSpanId.ToString());
        Assert.Equal(ActivityKind.Consumer, ofEvent.Kind);
        Assert.Equal(CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse("amy"), Id("a")).Value, ofEvent.GetTagItem(MailTelemetry.CorrelationIdTag));
        Assert.Equal("activity", ofEvent.GetTagItem(MailTelemetry.OutcomeTag));
        var ofBatch = Assert.Single(spans, span => span.ParentSpanId == ofEvent.SpanId);
        Assert.Contains(spans, span => span.Source.Name == "Npgsql" && span.ParentSpanId == ofBatch.SpanId && span.GetTagItem("db.query.text")?.ToString()?.Contains("insert into activities", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task With_many_events_each_has_a_span_in_its_own_trace_and_the_batch_is_linked_to_all()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        using var listening = new Listening();
        string[] traces = ["11111111111111111111111111111111", "22222222222222222222222222222222", "33333333333333333333333333333333"];
        var records = traces.Select((trace, n) => pipeline.Record(n == 2 ? "{}" : Events.Mail($"{n}", "stranger@x.example"), $"e-{n}", $"00-{trace}-b7ad6b7169203331-01"));

        await pipeline.ProcessAsync([.. records, pipeline.Record(Events.Mail("untraced", "stranger@x.example"), traceParent: "nonsense")]);

        var batch = Assert.Single(listening.Spans, span => span.DisplayName == "write mail.events");
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Superset(traces.ToHashSet(), batch.Links.Select(link => link.Context.TraceId.ToString()).ToHashSet());
        Assert.Equal(
            ["skip no-contact", "skip no-contact", "dead-letter schema"],
            traces.Select(trace => listening.Spans.Single(span => span.TraceId.ToString() == trace)).Select(span => $"{span.GetTagItem(MailTelemetry.OutcomeTag)} {span.GetTagItem(MailTelemetry.ReasonTag)}"));
    }

    [Fact]
    public async Task No_log_line_no_span_and_no_tag_holds_anything_of_a_mail_or_an_account()
    {
        const string Secret = "s3cret";
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync($"{Secret}-name", $"{Secret}@customer.example");
        await pipeline.Database.ExecuteAsync("alter table activities add constraint no_poison check (subject not like '%poison%')", TestContext.Current.CancellationToken);
        using var listening = new Listening();
        var hostile = Hostile(Secret).Select((body, n) => pipeline.Record(body, $"event-{n}", account: $"{Secret}-account")).ToArray();
        hostile[0].Message.Headers.AddText("event", $"{Secret}-event");
        hostile[1].Message.Headers.Remove(MailHeaders.CorrelationId);
        hostile[1].Message.Headers.AddText(MailHeaders.CorrelationId, $"{Secret}-correlation");
        hostile[2].Message.Headers.AddText(MailHeaders.TraceParent, $"{Secret}-trace");

        await pipeline.ProcessAsync(hostile);

        Assert.NotEqual(0, await pipeline.Database.QueryAsync<long>("select count(*) from activities", TestContext.Current.CancellationToken));
        Assert.NotEqual(0, await pipeline.Database.QueryAsync<long>("select count(*) from dead_letters where reason = 'row_rejected'", TestContext.Current.CancellationToken));
        var told = pipeline.Log.Lines.Concat(listening.Spans.Select(Text)).Append(listening.Measurements()).ToArray();
        Assert.True(told.Length > 20, $"only {told.Length} lines were heard");
        Assert.DoesNotContain(told, line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(await pipeline.Database.QueryAsync<string>("select string_agg(detail, ' ') from dead_letters", TestContext.Current.CancellationToken), Secret, StringComparison.Ordinal);
    }

    private static IEnumerable<byte[]> Hostile(string secret)
    {
        var all = $$"""
            "subject":"{{secret}} subject","from":{"name":"{{secret}}","address":"{{secret}}@customer.example"},"to":[{"address":"{{secret}}@x.example"}],
            "text":{"plain":"{{secret}} text"},"headers":{"x-original-from":["{{secret}}@x.example"],"references":["<{{secret}}@x>"]},"queueId":"{{secret}}",
            "response":"550 {{secret}}","recipient":"{{secret}}@x.example","error":"{{secret}}","user":"{{secret}}@x.example","envelope":{"from":"{{secret}}@x.example","to":["{{secret}}@customer.example"]}
            """;
        string[] bodies =
        [
            Body("messageNew", $"\"messageId\":\"<{secret}-1@x>\",\"messageSpecialUse\":\"\\\\Inbox\",{all}"),
            Body("messageNew", $"\"messageId\":\"<{secret}-2@x>\",\"messageSpecialUse\":\"\\\\Sent\",{all}"),
            Body("messageNew", $"\"messageId\":\"<{secret}-3@x>\",{all},\"subject\":\"{secret} poison\""),
            Body("messageNew", $"\"messageId\":\"<{secret}-4\\u0000\\ud800@x>\",{all},\"subject\":\"{secret} \\u0000\\ud800\""),
            Body("messageSent", $"\"messageId\":\"<{secret}-5@x>\",{all}"),
            Body("messageBounce", $"\"messageId\":\"<{secret}-6@x>\",{all}"),
            Body("authenticationSuccess", all),
            Body("authenticationError", all),
            Body($"{secret}Event", all),
            Body("messageNew", all)[..^40],
            Body("messageNew", all) + secret,
            $"{{\"account\":\"{secret}\\u0007\",\"event\":\"messageNew\",\"data\":{{{all}}}}}",
            $"{{\"account\":\"{secret}-account\",\"event\":\"messageNew\",\"data\":\"{secret}\"}}",
            $"{{\"{secret}\\ud800\":1}}",
            secret,
        ];
        return bodies.Select(Encoding.UTF8.GetBytes);

        string Body(string name, string members) => $"{{\"account\":\"{secret}-account\",\"event\":\"{name}\",\"data\":{{{members}}}}}";
    }

    private static string Text(Activity span) =>
        $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects.Concat(span.Baggage.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value))).Concat(span.Events.SelectMany(happening => happening.Tags)).Select(tag => $"{tag.Key}={tag.Value}"))}";

    private static EventId Id(string text) => EventId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    /// <summary>Hears all spans and, of the Processor, all measurements of this process.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly ActivityListener _spans;
        private readonly MeterListener _meters = new();
        private readonly ConcurrentDictionary<string, double> _sums = new();

        public Listening()
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = source => source.Name is MailTelemetry.Processor or "Npgsql",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Spans.Enqueue,
            };
            ActivitySource.AddActivityListener(_spans);
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == MailTelemetry.Processor)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meters.Start();
        }

        public ConcurrentQueue<Activity> Spans { get; } = new();

        /// <summary>Instruments, tags and sums; without the sums of durations.</summary>
        public string Measurements() => string.Join('\n', _sums.OrderBy(sum => sum.Key, StringComparer.Ordinal).Select(sum => sum.Key.EndsWith(" s", StringComparison.Ordinal) ? sum.Key[..^2] : $"{sum.Key} = {sum.Value.ToString(CultureInfo.InvariantCulture)}"));

        public void Dispose()
        {
            _spans.Dispose();
            _meters.Dispose();
        }

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = new StringBuilder(instrument.Name);
            foreach (var tag in tags)
            {
                key.Append(CultureInfo.InvariantCulture, $" {tag.Key}={tag.Value}");
            }

            _sums.AddOrUpdate(key.Append(instrument.Unit == "s" ? " s" : "").ToString(), value, (_, sum) => sum + value);
        }
    }
}
