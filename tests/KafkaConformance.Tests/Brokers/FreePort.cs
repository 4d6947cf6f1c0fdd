using System.Net;
using System.Net.Sockets;

namespace KafkaConformance.Tests.Brokers;

internal static class FreePort
{
    // Linux gives outgoing connections ports from 32768 on: one of those could take the port of a broker that restarts.
    private const int First = 15_000;
    private const int End = 32_000;

    /// <summary>A port of this machine that nobody has.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
