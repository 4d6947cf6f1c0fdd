using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmMail.Api.Messages;

/// <summary>The SHA-256 by which two requests with one idempotency key are compared: of what they say, not of how their JSON is written.</summary>
internal static class RequestHash
{
    // Fields without a value are left out, so that a field that is added later changes no hash.
    private static readonly JsonSerializerOptions Json = new(ApiJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static byte[] Of(MessageRequest request)
    {
        using var sha256 = SHA256.Create();
        using (var hashed = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write))
        {
            JsonSerializer.Serialize(hashed, request, Json);
        }

        return sha256.Hash!;
    }
}
