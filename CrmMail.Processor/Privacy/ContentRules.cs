using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Privacy;

/// <summary>What may be written of the mails of an account.</summary>
/// <param name="Redactor">Removes what is never stored.</param>
/// <param name="Level">How much of the rest is.</param>
internal readonly record struct ContentRules(Redactor Redactor, StorageLevel Level)
{
    public string Subject(string subject) => Level >= StorageLevel.Subject ? Redactor.Redact(subject) : "";

    /// <summary>The snippet of an opening.</summary>
    public string Snippet(string opening) => Level >= StorageLevel.Snippet ? Contracts.Snippet.Of(Redactor.Redact(opening)) : "";

    /// <summary>The attached files: their names say as much as a subject.</summary>
    public AttachedFiles Files(AttachedFiles files) => Level >= StorageLevel.Subject ? files.Redacted(Redactor) : AttachedFiles.None;
}
