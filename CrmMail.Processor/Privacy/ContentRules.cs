using CrmMail.Contracts;

namespace CrmMail.Processor.Privacy;

/// <summary>What may be written of the mails of an account.</summary>
/// <param name="Redactor">Removes what is never stored.</param>
/// <param name="Level">How much of the rest is.</param>
internal readonly record struct ContentRules(Redactor Redactor, StorageLevel Level)
{
    public string Subject(string subject) => Level >= StorageLevel.Subject ? Redactor.Redact(subject) : "";

    /// <summary>The snippet of an opening.</summary>
    public string Snippet(string opening) => Level >= StorageLevel.Snippet ? Contracts.Snippet.Of(Redactor.Redact(opening)) : "";
}
