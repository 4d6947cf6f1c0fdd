namespace CrmMail.Processor.Writing;

/// <summary>Somebody else was faster; what was read is no longer true. The batch is read and written once more.</summary>
internal sealed class ConcurrentWriteException() : Exception("Another writer made one of the mails known first.");
