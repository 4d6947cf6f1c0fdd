using System.ComponentModel;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Timelines;

/// <summary>Which tagged mails a list shows besides those without a tag.</summary>
internal readonly record struct TagInclude(
    [property: FromQuery(Name = "include"), Description("Tagged mails to be shown too: `auto-reply`, `bounce`, `bulk`, `no-reply`, `calendar`, `unverified`, several with commas between them, or `all`. A mail is shown if it has no tag, or one of these.")]
    string? Include)
{
    private const string Everything = "all";

    /// <summary>The tags.</summary>
    /// <exception cref="ProblemException">One of them is none.</exception>
    public MailTags Tags
    {
        get
        {
            var tags = default(MailTags);
            foreach (var text in Include?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            {
                tags = text == Everything ? MailTags.All
                    : StableText.TryParse<MailTag>(text, out var tag) ? tags.With(tag)
                    : throw new ProblemException(Problem.Invalid("include", $"It names tags with commas between them ({string.Join(", ", Enum.GetValues<MailTag>().Select(known => known.ToText()))}), or all."));
            }

            return tags;
        }
    }
}
