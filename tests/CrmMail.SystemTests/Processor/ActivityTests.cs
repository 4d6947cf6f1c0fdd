using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Processor;

public sealed class ActivityTests(RunningApplication system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_from_a_contact_is_one_activity_however_often_it_is_announced()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Ann", "ann@customer.example");
        var announcement = Guid.NewGuid().ToString();

        await mailbox.SendAsync(mailbox.MailFrom("Ann@Customer.example", "1@customer.example"), announcement);
        await mailbox.SendAsync(mailbox.MailFrom("Ann@Customer.example", "1@customer.example"), announcement);
        await mailbox.SendAsync(mailbox.MailFrom("ann+news@customer.example", "1@customer.example"));
        await mailbox.WaitForOutcomesAsync(2);

        Assert.Equal(1, await mailbox.CountActivitiesAsync());
        Assert.Contains("Ann from", await mailbox.SnapshotAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_from_nobody_known_is_a_skip()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);

        await mailbox.SendAsync(mailbox.MailFrom("stranger@nowhere.example", "2@nowhere.example"));
        await mailbox.WaitForOutcomesAsync(1);

        Assert.Equal(0, await mailbox.CountActivitiesAsync());
    }

    [Fact]
    public async Task A_bad_event_is_a_dead_letter_alone_and_its_neighbours_go_through()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Bob", "bob@customer.example");
        var bad = $$"""{"account":"{{mailbox.Account}}","event":"messageNew","data":"no object"}""";

        await mailbox.SendAsync(mailbox.MailFrom("bob@customer.example", "before@customer.example"));
        await mailbox.SendAsync(bad);
        await mailbox.SendAsync(mailbox.MailFrom("bob@customer.example", "after@customer.example"));
        await mailbox.WaitForOutcomesAsync(2);

        Assert.Equal(2, await mailbox.CountActivitiesAsync());
        var letter = await ReadDeadLetterAsync(mailbox.Account);
        Assert.Equal(bad, Encoding.UTF8.GetString(letter.Value));
        Assert.True(letter.Headers.TryGetLastBytes("dlq.reason", out var reason));
        Assert.Equal("schema", Encoding.UTF8.GetString(reason));
        Assert.True(letter.Headers.TryGetLastBytes(MailHeaders.EventId, out _));
    }

    [Fact]
    public async Task Without_Redis_a_mail_is_written_all_the_same_and_once()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Cid", "cid@customer.example");
        await system.Application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StopCommand, Cancellation);
        try
        {
            await mailbox.SendAsync(mailbox.MailFrom("cid@customer.example", "3@customer.example"));
            await mailbox.SendAsync(mailbox.MailFrom("cid@customer.example", "3@customer.example"));
            await mailbox.WaitForOutcomesAsync(2);
            Assert.Equal(1, await mailbox.CountActivitiesAsync());
        }
        finally
        {
            await system.Application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StartCommand, Cancellation);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await system.WaitUntilHealthyAsync("processor", deadline.Token);
        }
    }

    private async Task<Message<byte[], byte[]>> ReadDeadLetterAsync(string account)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", Cancellation),
            GroupId = $"test-{Guid.NewGuid():N}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(MailTopics.DeadLetters);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var record = await Task.Run(() => consumer.Consume(deadline.Token), Cancellation);
            if (Encoding.UTF8.GetString(record.Message.Key) == account)
            {
                return record.Message;
            }
        }
    }
}
