using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Batches;

/// <summary>A record of <see cref="MailTopics.Events"/> whose headers could be read.</summary>
internal sealed record EventRecord(ConsumeResult<byte[], byte[]> Kafka, MailEventHeaders Headers);
