using System.Globalization;
using System.Net;

namespace EmailEngineSimulator.Settings;

internal static class ListenAddress
{
    /// <summary>The address of <c>EENGINE_HOST</c>: an IP address or <c>localhost</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static IPAddress ParseHost(string host) =>
        host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new FormatException($"'{host}' is not an IP address.");

    /// <summary>The port of <c>EENGINE_PORT</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int ParsePort(string port) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{port}' is not a port between 0 and 65535.");
}
