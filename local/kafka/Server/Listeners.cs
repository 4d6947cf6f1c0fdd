using System.Net;
using System.Net.Sockets;

namespace KafkaBroker.Server;

/// <summary>Opens the sockets to listen on.</summary>
internal static class Listeners
{
    private const int Backlog = 512;
    private const int MaxAttempts = 20;

    /// <summary>Listens on every address of a host, with the same port.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">Port; 0 takes one that is free on all of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">The host is unknown, or the port is taken.</exception>
    public static async Task<IReadOnlyList<Socket>> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            List<Socket> opened = [];
            try
            {
                foreach (var address in addresses.Distinct().Where(IsUsable))
                {
                    opened.Add(Open(address, opened.Count == 0 ? port : ((IPEndPoint)opened[0].LocalEndPoint!).Port));
                }

                return opened.Count > 0 ? opened : throw new SocketException((int)SocketError.AddressNotAvailable);
            }
            catch (SocketException exception)
            {
                opened.ForEach(socket => socket.Dispose());
                // The port that was free on the first address was not on the next one.
                if (exception.SocketErrorCode != SocketError.AddressAlreadyInUse || port != 0 || attempt == MaxAttempts)
                {
                    throw;
                }
            }
        }
    }

    private static bool IsUsable(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? Socket.OSSupportsIPv4 : Socket.OSSupportsIPv6;

    private static Socket Open(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
