using CrmMail.Ingest.MailParse;
using CrmMail.Ingest.MailParse.Polling;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace CrmMail.Ingest.Tests.MailParse;

public sealed class PollingWorkerTests
{
    [Fact]
    public async Task Without_a_base_url_nothing_is_read()
    {
        var cursors = new AbsentCursors();
        await using var ingest = await StartAsync(cursors);

        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();

        Assert.Equal(0, cursors.Asked);
    }

    /// <summary>R3: an outage waits. Said once, and webhooks are taken without it.</summary>
    [Fact]
    public async Task While_the_table_does_not_answer_it_goes_on_asking()
    {
        var cursors = new AbsentCursors();
        await using var ingest = await StartAsync(
            cursors,
            ("MailParse:Polling:BaseUrl", "http://mailparse.example"),
            ("MailParse:Polling:Token", "the-token"),
            ("MailParse:Polling:Inboxes:0", "team"),
            ("MailParse:Polling:Interval", "00:00:01"));

        await Eventually.HoldsAsync(() => cursors.Asked >= 3, () => $"asked {cursors.Asked} times");

        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
        Assert.InRange(ingest.Logs.All.Count(line => line.Text.StartsWith("Inbox 0 of MailParse:Polling:Inboxes is not read", StringComparison.Ordinal)), 0, 1);
    }

    private static Task<RunningIngest> StartAsync(IPollingCursors cursors, params (string Key, string? Value)[] settings) => RunningIngest.StartAsync(
        builder =>
        {
            builder.AddMailParsePolling();
            builder.Services.AddSingleton(cursors);
        },
        settings);

    private sealed class AbsentCursors : IPollingCursors
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task<IHeldInbox?> TryHoldAsync(MailParseInbox inbox, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            throw new TimeoutException();
        }
    }
}
