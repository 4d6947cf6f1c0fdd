using StackExchange.Redis.Configuration;

namespace Aspire.StackExchange.Redis;

/// <summary>A service starts before its Redis, and outlives it: unless the connection string says otherwise, connecting goes on in the background.</summary>
internal sealed class RetryingOptions : DefaultOptionsProvider
{
    public override bool AbortOnConnectFail => false;
}
