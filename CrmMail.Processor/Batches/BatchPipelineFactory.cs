using CrmMail.Contracts;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Deduplication;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Routing;
using CrmMail.Processor.Telemetry;
using CrmMail.Processor.Writing;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace CrmMail.Processor.Batches;

/// <summary>Makes the stages of a partition worker; they keep buffers of their own and are not shared.</summary>
internal sealed class BatchPipelineFactory(
    NpgsqlDataSource database,
    IConnectionMultiplexer redis,
    DecodeStage decode,
    ClassifyStage classify,
    DeadLetterQueue deadLetters,
    Outages outages,
    ProcessorMetrics metrics,
    RoutingAddresses addresses,
    BodyStages bodies,
    Redactor redactor,
    AddressHashes hashes,
    PolicyContacts policyContacts,
    Strangers strangers,
    IOptions<DeduplicationOptions> deduplication,
    IOptions<ConsumerOptions> consumer)
{
    public IBatchPipeline Create() => new BatchPipeline(
        decode,
        classify,
        new ClaimStage(redis, deduplication),
        new MatchStage(database, policyContacts, strangers),
        new WriteStage(database, new RouteStage(addresses), bodies.Create(), redactor, hashes, consumer.Value.MaxLinkedContacts),
        deadLetters,
        outages,
        metrics);
}
