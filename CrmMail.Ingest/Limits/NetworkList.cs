using System.Net;
using System.Net.Sockets;

namespace CrmMail.Ingest.Limits;

/// <summary>A list of networks. An IPv4 address means the same whether it came over an IPv4 or an IPv6 socket.</summary>
internal sealed class NetworkList(IEnumerable<string> networks)
{
    // ::ffff:0:0/96 holds the IPv4 addresses.
    private const int MappedPrefixLength = 96;

    private readonly IPNetwork[] _networks =
        [.. networks.Select(text => TryParse(text, out var network) ? network : throw new FormatException($"\"{text}\" is no network."))];

    public bool IsEmpty => _networks.Length == 0;

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
