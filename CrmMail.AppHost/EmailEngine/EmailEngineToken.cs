using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.AppHost.EmailEngine;

/// <summary>An EmailEngine API token that is derived from a generated secret, so that nobody has to create one by hand.</summary>
/// <remarks>
/// EmailEngine stores of a token its <c>id</c>, the SHA-256 of the token's 32 bytes, and imports such a record from
/// <c>EENGINE_PREPARED_TOKEN</c> = base64url(msgpack({id, scopes, description})).
/// </remarks>
internal static class EmailEngineToken
{
    /// <summary>The bearer token: 64 hex digits.</summary>
    public static string FromSecret(string secret) => Convert.ToHexStringLower(TokenBytes(secret));

    /// <summary>The value of <c>EENGINE_PREPARED_TOKEN</c> that lets that bearer token in.</summary>
    public static string Prepare(string secret)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(TokenBytes(secret)));
        return Base64Url.EncodeToString([
            MessagePackMap(3),
            .. MessagePackString("id"), .. MessagePackString(id),
            .. MessagePackString("scopes"), MessagePackArray(1), .. MessagePackString("*"),
            .. MessagePackString("description"), .. MessagePackString("CrmMail"),
        ]);
    }

    private static byte[] TokenBytes(string secret) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "emailengine api token"u8);

    // https://github.com/msgpack/msgpack/blob/master/spec.md: fixmap, fixarray, fixstr and str 8 are all that the record needs.
    private static byte MessagePackMap(int count) => (byte)(0x80 | count);

    private static byte MessagePackArray(int count) => (byte)(0x90 | count);

    private static byte[] MessagePackString(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return bytes.Length < 32 ? [(byte)(0xa0 | bytes.Length), .. bytes] : [0xd9, (byte)bytes.Length, .. bytes];
    }
}
