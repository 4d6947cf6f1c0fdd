using System.Diagnostics;
using System.Globalization;
using CrmMail.Contracts;
using CrmMail.FaultTests.Faults;
using CrmMail.FaultTests.Invariants;
using CrmMail.FaultTests.Load;
using CrmMail.Processor.Consuming;

namespace CrmMail.FaultTests;

/// <summary>One run: load and faults together, then healing, then the invariants.</summary>
internal sealed class FaultRun(FaultSettings settings, IProjectMetadata? processor = null)
{
    private static readonly TimeSpan LagDeadline = TimeSpan.FromSeconds(60);

    private const long MemoryLimit = 512L * 1024 * 1024;

    /// <summary>To read everything once more must not take longer than it took to come.</summary>
    private readonly TimeSpan _replayDeadline = TimeSpan.FromMinutes(5) + settings.Duration;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crmmail-faults-");
    private readonly Stopwatch _watch = new();
    private readonly List<string> _figures = [];
    private readonly List<Violation> _violations = [];
    private IReadOnlyCollection<string> _record = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Does everything, and says what was done and found, also when it could not be done to the end.</summary>
    public async Task<FaultReport> ExecuteAsync(IEnumerable<Fault> schedule)
    {
        try
        {
            using var disk = BrokerDisk.TryMount();
            await using var proxy = new DatabaseProxy();
            await using var system = await MailSystem.StartAsync(processor, proxy, disk, Cancel);
            await using var consoles = new ConsoleFiles(system, _folder);
            await ExecuteAsync(system, new FaultInjector(system, proxy, disk, _watch), schedule);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _violations.Add(new(Invariant.RunComesToItsEnd, exception.ToString()));
        }

        return new() { Settings = settings, Schedule = _record, Figures = _figures, Violations = _violations, Folder = _folder };
    }

    private async Task ExecuteAsync(MailSystem system, FaultInjector faults, IEnumerable<Fault> schedule)
    {
        await AddContactAsync(system);
        using var ledger = new Ledger(Path.Combine(_folder.FullName, "accepted.tsv"));
        await using var events = new TopicTail(system.KafkaServers, MailTopics.Events);
        await using var deadLetters = new TopicTail(system.KafkaServers, MailTopics.DeadLetters);
        using var group = new GroupOffsets(system.KafkaServers, new ConsumerOptions().GroupId, events.Partitions);
        _record = faults.Record;
        _watch.Start();
        await using (var offsets = new OffsetWatch(system, events, group))
        {
            await using var load = new WebhookLoad(system, ledger, settings, _watch);
            await faults.DoAsync(schedule, settings.Duration);
            _violations.AddRange(faults.Deaths);
            var healed = _watch.Elapsed;
            await load.EndAsync();
            Note($"{ledger.Accepted().Count} events answered with 2xx, {ledger.Deliveries} deliveries in {healed.TotalSeconds:0} s, {load.Refusals} attempts refused or cut, {load.Forgeries} with a wrong signature");
            await events.WaitForAsync(await group.WaitForNoLagAsync(LagDeadline - (_watch.Elapsed - healed), Cancel), Cancel);
            Note($"no lag {(_watch.Elapsed - healed).TotalSeconds:0.0} s after the last fault");
            await offsets.EndAsync();
            Judge(offsets);
        }

        await AuditAsync(system, ledger, events, deadLetters);
        if (processor is null)
        {
            await ReplayAsync(system, events);
        }
    }

    private void Judge(OffsetWatch offsets)
    {
        Assert.True(offsets.Samples > 0, "Offsets and database were never there together.");
        Note($"{offsets.Samples} times offsets were compared with the database; most memory: {string.Join(", ", offsets.MostMemory.Select(most => $"{most.Key} {most.Value >> 20} MiB"))}");
        _violations.AddRange(offsets.Violations);
        _violations.AddRange(offsets.MostMemory.Where(most => most.Value > MemoryLimit).Select(most =>
            new Violation(Invariant.BoundedMemory, $"{most.Key} had {most.Value >> 20} MiB, and {MemoryLimit >> 20} MiB are its limit")));
    }

    private async Task AuditAsync(MailSystem system, Ledger ledger, TopicTail events, TopicTail deadLetters)
    {
        using var dead = new GroupOffsets(system.KafkaServers, "nobody", deadLetters.Partitions);
        await deadLetters.WaitForAsync(await dead.EndsAsync(), Cancel);
        var outcomes = await Outcomes.ReadAsync(system.Database, Cancel);
        Note($"{outcomes.Rows.Count} events in the tables: {string.Join(", ", outcomes.Rows.SelectMany(rows => rows).GroupBy(row => row.Table).Select(table => $"{table.Count()} {table.Key}"))}; {events.All().Count} records in Kafka");
        _violations.AddRange(new LedgerAudit(ledger, outcomes, events.All(), deadLetters.All()).Check());
    }

    /// <summary>
    /// Everything once more: by a Processor of a group of its own to which Redis says nothing, by a replay that tells what it would change,
    /// and by one that changes it.
    /// </summary>
    private async Task ReplayAsync(MailSystem system, TopicTail events)
    {
        var before = new TableCopies(system.Database);
        await before.KeepAsync(Cancel);
        var begin = _watch.Elapsed;
        await system.StartAsync(MailSystem.Replayer, Cancel);
        using var group = new GroupOffsets(system.KafkaServers, MailSystem.ReplayGroup, events.Partitions);
        await group.WaitForNoLagAsync(_replayDeadline, Cancel);
        await system.StopAsync(MailSystem.Replayer, Cancel);
        Note($"everything read again in {(_watch.Elapsed - begin).TotalSeconds:0.0} s");

        var replay = new WholeReplay(system.Database);
        foreach (var mode in (string[])[WholeReplay.Verify, WholeReplay.Rebuild])
        {
            begin = _watch.Elapsed;
            var (records, changes) = await replay.RunAsync(mode, _replayDeadline, Cancel);
            Note($"{records} records replayed to {mode} in {(_watch.Elapsed - begin).TotalSeconds:0.0} s: {changes.Count} changes");
            Assert.Equal(events.All().Count, records);
            _violations.AddRange(changes.Select(change => new Violation(Invariant.ReplayChangesNothing, $"{mode}: {change}")));
        }

        _violations.AddRange((await before.ChangesAsync(Cancel)).Select(change => new Violation(Invariant.ReplayChangesNothing, change)));
    }

    private static async Task AddContactAsync(MailSystem system)
    {
        await using var command = system.Database.CreateCommand(
            """
            with contact as (insert into contacts (id, name) values (gen_random_uuid(), $1) returning id)
            insert into contact_addresses (address, contact_id) select $1, id from contact
            """);
        command.Parameters.Add(new() { Value = MailboxScript.Contact });
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private void Note(FormattableString figure) => _figures.Add(figure.ToString(CultureInfo.InvariantCulture));
}
