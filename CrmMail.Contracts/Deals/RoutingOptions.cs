using System.ComponentModel.DataAnnotations;

namespace CrmMail.Contracts;

/// <summary>The addresses by which mail is routed: the section <c>Routing</c>, alike in the Api, which gives them out, and in the Processor, which reads them.</summary>
public sealed class RoutingOptions : IValidatableObject
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Routing";

    private const int MaxSecrets = 4;
    private const int MinSecretLength = 16;

    /// <summary>Where routing addresses are, such as <c>inbound.example.com</c>. Without it there are none.</summary>
    public string? Domain { get; set; }

    /// <summary>The keys of the tags in addresses of deals: the first signs, all of them verify, so that one can follow another.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>Whether <c>deal-{id}@</c> without a tag is good: then everybody who knows an id can write into the deal.</summary>
    public bool AllowUnsigned { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Domain is null)
        {
            yield break;
        }

        if (Uri.CheckHostName(Domain) != UriHostNameType.Dns)
        {
            yield return new ValidationResult($"Routing:Domain is \"{Domain}\"; it must be the name of a domain and nothing more, as inbound.example.com.");
        }

        if (Secrets.Count is 0 or > MaxSecrets)
        {
            yield return new ValidationResult($"Routing:Secrets has {Secrets.Count} secrets; with Routing:Domain it must have 1 to {MaxSecrets}.");
        }

        for (var at = 0; at < Secrets.Count; at++)
        {
            if (Secrets[at].Length < MinSecretLength)
            {
                yield return new ValidationResult($"Routing:Secrets:{at} has fewer than {MinSecretLength} characters and could be guessed. Make a long one, such as that of: openssl rand -hex 32");
            }
        }
    }
}
