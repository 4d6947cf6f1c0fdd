namespace CrmMail.Processor.Ledger;

/// <summary>An event, and where Kafka has it.</summary>
internal sealed record EventPlace(int Partition, long Offset, string AccountId, string Source, string EventId);
