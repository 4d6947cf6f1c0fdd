using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;

namespace CrmMail.Processor.Filtering;

/// <summary>What becomes of mail that is not from a person to a person: the section <c>Filters</c>. Read once, at the start.</summary>
internal sealed class FilterOptions : IValidatableObject
{
    public const string Section = "Filters";

    /// <summary>By the stable text of a <see cref="MailTag"/> that of a <see cref="FilterAction"/>; <c>tag</c> where there is none.</summary>
    public IDictionary<string, string> Actions { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The domains of one's own, exactly as they stand: mail among them alone is internal.</summary>
    public IList<string> OwnDomains { get; } = [];

    /// <summary>What becomes of the mails of a tag.</summary>
    public FilterAction ActionOf(MailTag tag) =>
        Actions.TryGetValue(tag.ToText(), out var text) && StableText.TryParse<FilterAction>(text, out var action) ? action : FilterAction.Tag;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (tag, action) in Actions)
        {
            if (!StableText.TryParse<MailTag>(tag, out var known))
            {
                yield return new ValidationResult($"Filters:Actions:{tag} names no tag. There are {Names<MailTag>()}.");
            }
            else if (!StableText.TryParse<FilterAction>(action, out var wanted))
            {
                yield return new ValidationResult($"Filters:Actions:{tag} is \"{action}\"; it must be one of {Names<FilterAction>()}.");
            }
            else if (known == MailTag.Unverified && wanted == FilterAction.Keep)
            {
                yield return new ValidationResult("Filters:Actions:unverified is \"keep\"; it must be tag or drop, for what such a mail says of itself is never believed.");
            }
        }

        foreach (var domain in OwnDomains)
        {
            if (Uri.CheckHostName(domain) != UriHostNameType.Dns)
            {
                yield return new ValidationResult($"Filters:OwnDomains has \"{domain}\"; it must be the name of a domain and nothing more, as corp.example.");
            }
        }
    }

    private static string Names<TEnum>() where TEnum : struct, Enum => string.Join(", ", Enum.GetValues<TEnum>().Select(value => value.ToText()));
}
