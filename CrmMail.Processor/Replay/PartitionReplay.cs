using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Routing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>Takes one partition of a run through one pass.</summary>
internal sealed class PartitionReplay(
    NpgsqlDataSource database,
    ReplayKafka kafka,
    ReplayStore store,
    DecodeStage decode,
    ClassifyStage classify,
    DeadLetterQueue deadLetters,
    DeadLetterRegister register,
    Outages outages,
    TimeProvider time,
    RoutingAddresses addresses,
    BodyStages bodies,
    Redactor redactor,
    AddressHashes hashes,
    PolicyContacts policyContacts,
    Strangers strangers,
    IOptions<ReplayOptions> options,
    IOptions<ConsumerOptions> consumer)
{
    /// <exception cref="OperationCanceledException">The pass goes on at its checkpoint some time later.</exception>
    /// <exception cref="LeaseLostException">Somebody else goes on.</exception>
    /// <exception cref="ReplayFailedException">The run cannot go on.</exception>
    public async Task RunAsync(PartitionWork work, Pace pace, CancellationToken stop)
    {
        if (work.Pass == ReplayPass.Compare)
        {
            await CompareAsync(work, pace, stop);
        }
        else
        {
            await ReadThroughAsync(work, new ReplayPipeline(decode, classify, CreateWriter(work), outages), pace, stop);
        }

        await outages.OutlastAsync(() => store.AdvanceAsync(work.Owner, work.Run.After(work.Pass), stop), stop);
    }

    /// <summary>While a batch is written, the next one is read and decoded.</summary>
    private async Task ReadThroughAsync(PartitionWork work, ReplayPipeline pipeline, Pace pace, CancellationToken stop)
    {
        using var readAhead = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var reader = new PartitionReader(kafka, work, options.Value.MaxBatchBytes);
        var reading = ReadAsync();
        try
        {
            while (true)
            {
                var batch = await reading;
                reading = batch.IsLast ? Task.FromResult(batch) : ReadAsync();
                await pipeline.WriteAsync(batch, stop);
                if (batch.IsLast)
                {
                    return;
                }
            }
        }
        finally
        {
            // The reader is used by nobody any more when it is closed.
            await readAhead.CancelAsync();
            await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        async Task<DecodedBatch> ReadAsync()
        {
            var from = reader.Next;
            var records = await Task.Run(() => reader.Read(pace.Limit(options.Value.BatchSize), readAhead.Token), readAhead.Token);
            await pace.WaitAsync((int)(records.Next - from - records.Trimmed), readAhead.Token);
            return await pipeline.DecodeAsync(records, readAhead.Token);
        }
    }

    private async Task CompareAsync(PartitionWork work, Pace pace, CancellationToken stop)
    {
        var pipeline = new ReplayPipeline(decode, classify, CreateWriter(work), outages);
        await new DraftPastMail(database, kafka, pipeline, outages, work).WriteAsync(stop);
        var comparison = new AccountComparison(database, work);
        await outages.OutlastAsync(() => comparison.PrepareAsync(stop), stop);
        for (var account = work.NextAccount; account is not null;)
        {
            await pace.WaitAsync(0, stop);
            var previous = account;
            account = await outages.OutlastAsync(() => comparison.CompareNextAsync(previous, stop), stop);
        }
    }

    private IReplayWriter CreateWriter(PartitionWork work)
    {
        var match = new MatchStage(database, policyContacts, strangers);
        var route = new RouteStage(addresses);
        var maxLinkedContacts = consumer.Value.MaxLinkedContacts;
        return work.Pass is ReplayPass.Draft or ReplayPass.Compare
            ? new DraftWriter(database, match, route, bodies.CreateForDraft(), redactor, hashes, maxLinkedContacts, work)
            : new FillWriter(database, new RepeatedWrite(match, route, bodies.Create(), redactor, hashes, maxLinkedContacts, time), deadLetters, register, outages, work);
    }
}
