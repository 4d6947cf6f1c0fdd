using System.Buffers.Text;

namespace EmailEngineSimulator.Auth;

/// <summary>An API token that exists before the first start: <c>EENGINE_PREPARED_TOKEN</c>.</summary>
/// <param name="Id">Hex SHA-256 of the token's bytes; the token itself is not in it.</param>
internal sealed record PreparedToken(string Id)
{
    /// <exception cref="FormatException">It is not base64url of a MessagePack map with an <c>id</c>.</exception>
    public static PreparedToken? Parse(string? exported)
    {
        if (string.IsNullOrWhiteSpace(exported))
        {
            return null;
        }

        var map = new MessagePackReader(Decode(exported.Trim())).ReadValue() as Dictionary<string, object?>;
        if (map?.GetValueOrDefault("id") is not string { Length: 64 } id || !id.All(char.IsAsciiHexDigit))
        {
            throw new FormatException("the token has no id of 64 hex digits.");
        }

        return new PreparedToken(id.ToLowerInvariant());
    }

    private static byte[] Decode(string exported)
    {
        try
        {
            return Base64Url.DecodeFromChars(exported.AsSpan().TrimEnd('='));
        }
        catch (FormatException)
        {
            throw new FormatException("it is not base64url.");
        }
    }
}
