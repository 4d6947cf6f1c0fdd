using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>A list of networks. An IPv4 address means the same whether it came over an IPv4 or an IPv6 socket.</summary>
internal sealed class NetworkList(IEnumerable<string> networks)
{
    // ::ffff:0:0/96 holds the IPv4 addresses.
    private const int MappedPrefixLength = 96;

    private readonly IPNetwork[] _networks =
        [.. networks.Select(text => TryParse(text, out var network) ? network : throw new FormatException($"\"{text}\" is no network."))];

    /// <summary>Whether the list lets a sender in: an empty one lets in everybody, another one nobody whose address is not known.</summary>
    public bool Admits(IPAddress? sender) => _networks.Length == 0 || (sender is not null && Contains(sender));

    public bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells of each entry of a setting that is no network.</summary>
    public static void Check(string setting, IList<string> networks, ValidateOptionsResultBuilder result)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (!TryParse(networks[i], out _))
            {
                result.AddError($"{setting}:{i} is \"{networks[i]}\"; it must be an address or a network such as 10.0.0.0/8 or fd00::/8.");
            }
        }
    }

    /// <summary>Reads an address or a network in CIDR notation; false when it is neither.</summary>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            var plain = Plain(address);
            network = new IPNetwork(plain, plain.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        if (!IPNetwork.TryParse(text, out network))
        {
            return false;
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefixLength)
        {
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixLength);
        }

        return true;
    }

    /// <summary>The IPv4 address within <c>::ffff:0:0/96</c>, where a socket for both protocols shows it.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
