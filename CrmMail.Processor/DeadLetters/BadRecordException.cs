using CrmMail.Contracts;

namespace CrmMail.Processor.DeadLetters;

/// <summary>A record is itself bad, so that no waiting helps. The message holds nothing of the mail: operators and logs see it.</summary>
internal sealed class BadRecordException(DeadLetterReason reason, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public DeadLetterReason Reason { get; } = reason;

    /// <summary>What Decode threw, as the fault of the record.</summary>
    public static BadRecordException Unreadable(Exception exception) => exception as BadRecordException
        ?? new BadRecordException(DeadLetterReason.Decode, $"The event cannot be read: {exception.GetType().Name}.", exception);

    /// <summary>What Write threw, as the fault of the record.</summary>
    public static BadRecordException Refused(Exception exception) => new(
        DeadLetterReason.RowRejected,
        exception is Npgsql.PostgresException database ? $"PostgreSQL refuses the event: {database.SqlState}." : $"The event cannot be written: {exception.GetType().Name}.",
        exception);
}
