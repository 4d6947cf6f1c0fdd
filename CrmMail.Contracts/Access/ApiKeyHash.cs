using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>How an API key is stored and looked up: <c>api_keys.sha256</c>. A plain hash will do, for keys are random and not chosen by people.</summary>
public static class ApiKeyHash
{
    /// <summary>The shortest key that is accepted, in characters.</summary>
    public const int MinKeyLength = 32;

    /// <summary>The SHA-256 of the key in UTF-8, 32 bytes.</summary>
    public static byte[] Of(string apiKey) => SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));
}
