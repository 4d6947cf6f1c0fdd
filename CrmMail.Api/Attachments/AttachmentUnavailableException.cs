namespace CrmMail.Api.Attachments;

/// <summary>A file could not be had, now.</summary>
/// <param name="isGone">Whether its place answers, and has it no more.</param>
/// <param name="reason">What is the matter; nothing of the mail.</param>
/// <param name="innerException">The cause.</param>
internal sealed class AttachmentUnavailableException(bool isGone, string reason, Exception? innerException = null) : Exception(reason, innerException)
{
    public bool IsGone => isGone;
}
