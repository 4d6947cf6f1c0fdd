using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What an address at the inbound domain says.</summary>
public enum RoutingAddressKind
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>The mail belongs to a deal.</summary>
    [JsonStringEnumMemberName("deal")] Deal,

    /// <summary>It names a deal, and its tag is not that of the deal.</summary>
    [JsonStringEnumMemberName("forged")] Forged,

    /// <summary>It names a deal without a tag, and that is not allowed.</summary>
    [JsonStringEnumMemberName("untagged")] Untagged,

    /// <summary>The mail is for a company.</summary>
    [JsonStringEnumMemberName("company")] Company,

    /// <summary>It names a deal or a company, in a mail that was not verified.</summary>
    [JsonStringEnumMemberName("unverified")] Unverified,
}

/// <summary>An address, read.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="DealId">The deal, of <see cref="RoutingAddressKind.Deal"/>.</param>
/// <param name="Slug">The slug, of <see cref="RoutingAddressKind.Company"/>.</param>
public readonly record struct RoutingAddress(RoutingAddressKind Kind, Guid DealId = default, string? Slug = null);

/// <summary>
/// The addresses of deals and companies at the inbound domain. Of a deal <c>deal-{id}.{tag}@domain</c>: the id as 32 hex digits, and as
/// tag the first 12 bytes, in hex, of the HMAC-SHA256 of the text <c>deal-{id}</c>. That is 62 characters before the <c>@</c>, where SMTP
/// allows 64, all of which survive servers that change the case. Of a company <c>{slug}@domain</c>.
/// </summary>
public sealed class RoutingAddresses
{
    private const string DealPrefix = "deal-";
    private const int TagBytes = 12;
    private const int IdLength = 32;

    private readonly string? _domain;
    private readonly byte[][] _secrets;
    private readonly bool _allowUnsigned;

    /// <summary>The addresses by these settings, which are valid.</summary>
    public RoutingAddresses(RoutingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Ending = options.Domain is null ? null : EmailAddress.Parse($"@{options.Domain}").Value;
        _domain = Ending?[1..];
        _secrets = [.. options.Secrets.Select(Encoding.UTF8.GetBytes)];
        _allowUnsigned = options.AllowUnsigned;
    }

    /// <summary>What every routing address ends with: the <c>@</c> and the domain, lower case and in A-labels; null when there are none.</summary>
    public string? Ending { get; }

    /// <summary>The signed address of a deal; false when there is no inbound domain.</summary>
    public bool TryGetAddress(Guid dealId, [NotNullWhen(true)] out string? address)
    {
        address = _domain is null ? null : string.Concat(LocalPart(dealId), ".", Convert.ToHexStringLower(Tag(_secrets[0], dealId)), Ending);
        return address is not null;
    }

    /// <summary>Reads an address that a mail went to.</summary>
    public RoutingAddress Read(EmailAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Ending is null || !address.Value.EndsWith(Ending, StringComparison.Ordinal))
        {
            return default;
        }

        var local = address.Value.AsSpan(0, address.Value.Length - Ending.Length);
        return local.StartsWith(DealPrefix, StringComparison.Ordinal) ? ReadDeal(local[DealPrefix.Length..])
            : local.IsEmpty ? default
            : new RoutingAddress(RoutingAddressKind.Company, Slug: local.ToString());
    }

    private RoutingAddress ReadDeal(ReadOnlySpan<char> rest)
    {
        var dot = rest.IndexOf('.');
        var id = dot < 0 ? rest : rest[..dot];
        if (id.Length != IdLength || !Guid.TryParseExact(id, "N", out var deal))
        {
            return default;
        }

        var kind = dot < 0
            ? _allowUnsigned ? RoutingAddressKind.Deal : RoutingAddressKind.Untagged
            : IsTagOf(deal, rest[(dot + 1)..]) ? RoutingAddressKind.Deal : RoutingAddressKind.Forged;
        return new RoutingAddress(kind, deal);
    }

    /// <summary>Every secret is tried and every byte compared, so that the time tells nothing of how near a guess was.</summary>
    private bool IsTagOf(Guid deal, ReadOnlySpan<char> tag)
    {
        Span<byte> claimed = stackalloc byte[TagBytes];
        if (tag.Length != 2 * TagBytes || Convert.FromHexString(tag, claimed, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        var isTag = false;
        foreach (var secret in _secrets)
        {
            isTag |= CryptographicOperations.FixedTimeEquals(Tag(secret, deal), claimed);
        }

        return isTag;
    }

    private static string LocalPart(Guid deal) => $"{DealPrefix}{deal:n}";

    private static ReadOnlySpan<byte> Tag(byte[] secret, Guid deal) => HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(LocalPart(deal))).AsSpan(0, TagBytes);
}
