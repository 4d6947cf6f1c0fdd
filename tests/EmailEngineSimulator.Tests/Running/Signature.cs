using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EmailEngineSimulator.Tests.Running;

internal static class Signature
{
    /// <summary>base64url without padding of HMAC-SHA256 with the service secret over the raw body.</summary>
    public static string Of(byte[] body) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(RunningSimulator.ServiceSecret), body));
}
