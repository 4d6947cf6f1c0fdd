using System.Globalization;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.DeadLetters;

/// <summary>The record of a dead letter as it is put back into <see cref="MailTopics.Events"/>.</summary>
internal static class RequeuedRecord
{
    /// <summary>
    /// Key, value and headers of the record that failed. Of what an earlier failure told, only how often and when first: the next failure counts on.
    /// </summary>
    public static Message<byte[], byte[]> Of(ConsumeResult<byte[], byte[]> record, DeadLetterPointer letter, DeadLetterRun run, DateTime now)
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers ?? [])
        {
            if (!header.Key.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal))
            {
                headers.Add(header.Key, header.GetValueBytes());
            }
        }

        headers.AddText(DeadLetterHeaders.Attempt, letter.Attempt.ToString(CultureInfo.InvariantCulture));
        headers.AddText(DeadLetterHeaders.FirstFailedAt, letter.FirstFailedAt.ToString("O", CultureInfo.InvariantCulture));
        headers.AddText(DeadLetterHeaders.RequeueId, run.Id.ToString());
        headers.AddText(DeadLetterHeaders.RequeueBy, run.RequestedBy);
        headers.AddText(DeadLetterHeaders.RequeueAt, now.ToString("O", CultureInfo.InvariantCulture));
        headers.AddText(DeadLetterHeaders.RequeueCount, (letter.Requeues + 1).ToString(CultureInfo.InvariantCulture));
        return new Message<byte[], byte[]> { Key = record.Message.Key, Value = record.Message.Value, Headers = headers };
    }
}
