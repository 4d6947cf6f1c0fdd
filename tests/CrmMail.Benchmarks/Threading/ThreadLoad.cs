using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using CrmMail.Benchmarks.Replay;
using CrmMail.Contracts;
using CrmMail.Processor;
using CrmMail.Processor.Batches;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CrmMail.Benchmarks.Threading;

/// <summary>
/// What conversations cost the Processor: the same mails with and without References, in turn, so that whatever else the machine does slows
/// both. From records to the commit of their rows, without Kafka.
/// </summary>
internal static class ThreadLoad
{
    private const string Usage = "Usage: threads POSTGRES REDIS [ROUNDS=20] [CONTACTEVERY=5]";
    private const int BatchSize = 500;
    private const int BatchesPerRound = 10;
    private const int Contacts = 100;

    // Ten mails a conversation: the last names nine.
    private const int Length = 10;

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Length < 2)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var (rounds, contactEvery) = (Number(options, 2, 20), Number(options, 3, 5));
        await using var plain = await Drain.OpenAsync(options[0], options[1], contactEvery, hasReferences: false);
        await using var threaded = await Drain.OpenAsync(options[0], options[1], contactEvery, hasReferences: true);
        var (without, with, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            without.Add(await plain.RoundAsync());
            with.Add(await threaded.RoundAsync());
            ratios.Add(with[^1] / without[^1]);
        }

        // The first rounds compile.
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds of {BatchSize * BatchesPerRound} mails, every {contactEvery}. with a contact; median records/s: {Median(without):F0} without references, {Median(with):F0} with, ratio {Median(ratios):F3}"));
        Console.WriteLine($"{await threaded.RowsAsync()} rows of thread_links");
        return 0;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Skip(2).Order()];
        return sorted[sorted.Length / 2];
    }

    private static int Number(string[] options, int position, int otherwise) =>
        options.Length > position ? int.Parse(options[position], CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A pipeline with a database of its own, and the mails that it gets.</summary>
    private sealed class Drain(BenchmarkDatabase database, IHost host, int contactEvery, bool hasReferences) : IAsyncDisposable
    {
        private readonly IBatchPipeline _pipeline = host.Services.GetRequiredService<Func<IBatchPipeline>>()();
        private int _mails;

        public static async Task<Drain> OpenAsync(string postgres, string redis, int contactEvery, bool hasReferences)
        {
            var database = await BenchmarkDatabase.CreateAsync(postgres);
            await using var command = database.DataSource.CreateCommand(
                """
                with people as (insert into contacts (id, name) select gen_random_uuid(), n::text from generate_series(0, $1 - 1) as n returning id, name)
                insert into contact_addresses (address, contact_id) select 'contact-' || name || '@customer.example', id from people
                """);
            command.Parameters.Add(new() { Value = Contacts });
            await command.ExecuteNonQueryAsync();

            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:crm"] = database.ConnectionString,
                ["ConnectionStrings:kafka"] = "localhost:1",
                ["ConnectionStrings:redis"] = redis,
                ["Erasure:Keys:0"] = "a-key-of-a-benchmark",
                ["Deduplication:Namespace"] = $"benchmark-{Guid.NewGuid():n}",
            });
            builder.Services.AddMetrics();
            builder.AddServers();
            builder.AddPipeline();
            return new Drain(database, builder.Build(), contactEvery, hasReferences);
        }

        /// <returns>Records a second.</returns>
        public async Task<double> RoundAsync()
        {
            var batches = new List<List<ConsumeResult<byte[], byte[]>>>();
            for (var batch = 0; batch < BatchesPerRound; batch++)
            {
                batches.Add([.. Enumerable.Range(0, BatchSize).Select(_ => MessageOf(_mails++))]);
            }

            var clock = Stopwatch.StartNew();
            foreach (var batch in batches)
            {
                await _pipeline.ProcessAsync(batch, CancellationToken.None, CancellationToken.None);
            }

            return BatchSize * BatchesPerRound / clock.Elapsed.TotalSeconds;
        }

        public async Task<long> RowsAsync()
        {
            await using var command = database.DataSource.CreateCommand("select count(*) from thread_links");
            return (long)(await command.ExecuteScalarAsync())!;
        }

        public async ValueTask DisposeAsync()
        {
            host.Dispose();
            await database.DisposeAsync();
        }

        private ConsumeResult<byte[], byte[]> MessageOf(int n)
        {
            var account = AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"account-{n % 20}"));
            var id = EventId.TryParse(string.Create(CultureInfo.InvariantCulture, $"event-{n}"), out var parsed) ? parsed : throw new InvalidOperationException();
            var from = n % contactEvery == 0
                ? string.Create(CultureInfo.InvariantCulture, $"contact-{n % Contacts}@customer.example")
                : string.Create(CultureInfo.InvariantCulture, $"stranger-{n}@elsewhere.example");
            var headers = hasReferences ? $",\"inReplyTo\":\"{Ancestors(n, 1)}\",\"headers\":{{\"references\":[\"{Ancestors(n, Length)}\"]}}" : "";
            var body = string.Create(
                CultureInfo.InvariantCulture,
                $$$"""
                {"account":"{{{account}}}","date":"2026-06-01T12:00:00.000Z","path":"INBOX","specialUse":"\\Inbox","event":"messageNew","data":{"id":"{{{n}}}","path":"INBOX","date":"2026-06-01T11:59:58.000Z","subject":"Offer {{{n}}}","from":{"name":"Somebody","address":"{{{from}}}"},"to":[{"name":"{{{account}}}","address":"{{{account}}}@corp.example"}],"messageId":"<{{{n}}}@elsewhere.example>"{{{headers}}},"text":{"plain":"We would like to have an offer by Friday."},"messageSpecialUse":"\\Inbox"}}
                """);
            var record = new MailEventHeaders(MailSource.EmailEngine, "messageNew", id, DateTimeOffset.UtcNow, CorrelationId.Of(MailSource.EmailEngine, account, id));
            return new()
            {
                TopicPartitionOffset = new TopicPartitionOffset(MailTopics.Events, 0, n),
                Message = new() { Key = Encoding.UTF8.GetBytes(account.Value), Value = Encoding.UTF8.GetBytes(body), Headers = record.ToKafka() },
            };
        }

        /// <summary>The last of the mails before it in its conversation: mails of contacts answer mails of contacts.</summary>
        private string Ancestors(int n, int most)
        {
            var place = n / contactEvery % Length;
            var before = Enumerable.Range(1, Math.Min(place, most)).Reverse().Select(step => string.Create(CultureInfo.InvariantCulture, $"<{n - (step * contactEvery)}@elsewhere.example>"));
            return string.Join(' ', before);
        }
    }
}
