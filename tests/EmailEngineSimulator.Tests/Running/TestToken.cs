namespace EmailEngineSimulator.Tests.Running;

/// <summary>A token of 32 bytes 0x01 to 0x20, exported as EmailEngine's <c>tokens issue</c> and <c>tokens export</c> do.</summary>
internal static class TestToken
{
    public const string Bearer = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

    /// <summary>base64url of the MessagePack map {id: SHA-256 of the bytes, scopes: ["*"], description: "test"}.</summary>
    public const string Prepared = "g6JpZNlAYWUyMTZjMmVmNTI0N2EzNzgyYzEzNWVmYTI3OWEzZTRjZGM2MTA5NDI3MGY1ZDJiZTU4YzYyMDRiN2E2MTJjOaZzY29wZXORoSqrZGVzY3JpcHRpb26kdGVzdA";
}
