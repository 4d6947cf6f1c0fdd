using System.Net;

namespace EmailEngineSimulator.Settings;

internal static class ListenAddress
{
    /// <summary>The address of <c>EENGINE_HOST</c>: an IP address or <c>localhost</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static IPAddress Parse(string host) =>
        host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new FormatException($"'{host}' is not an IP address.");
}
