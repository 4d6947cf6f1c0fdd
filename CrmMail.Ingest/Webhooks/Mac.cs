using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CrmMail.Ingest.Webhooks;

/// <summary>The bytes of an HMAC-SHA256, on the stack.</summary>
[InlineArray(HMACSHA256.HashSizeInBytes)]
internal struct Mac
{
    private byte _first;
}
