using CrmMail.Contracts;

namespace CrmMail.Processor.DeadLetters;

/// <summary>A record is itself bad, so that no waiting helps. The message holds nothing of the mail: operators and logs see it.</summary>
internal sealed class BadRecordException(DeadLetterReason reason, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public DeadLetterReason Reason { get; } = reason;
}
