using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.SystemTests.Api;
using Npgsql;

namespace CrmMail.SystemTests.Reconciliation;

internal static class MailboxExtensions
{
    /// <summary>Events of the mailbox that were skipped, and meet the condition.</summary>
    public static async Task<long> CountAsync(this EngineMailbox mailbox, RunningApplication system, string condition)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var database = NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", cancel))!);
        await using var command = database.CreateCommand($"select count(*) from skipped_events where account_id = $1 and {condition}");
        command.Parameters.Add(new() { Value = mailbox.Account });
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Puts a record into Kafka once more.</summary>
    public static async Task RepeatAsync(this EngineMailbox mailbox, RunningApplication system, Message<byte[], byte[]> message)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal(mailbox.Account, System.Text.Encoding.UTF8.GetString(message.Key));
        var config = new ProducerConfig { BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", cancel) };
        MailEventRecord.Secure(config);
        using var producer = new ProducerBuilder<byte[], byte[]>(config).Build();
        await producer.ProduceAsync(MailTopics.Events, message, cancel);
    }
}
