using CrmMail.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrmMail.Api.Access;

internal static class AccessExtensions
{
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddMemoryCache();
        builder.Services.AddSingleton<ApiKeyTable>();
        builder.Services.AddSingleton<ApiKeyStore>();
        builder.Services.AddKeyAuthentication();
        builder.Services.AddRateLimiter(limiter => limiter.AddPolicy<string, KeyRateLimit>(KeyRateLimit.Policy));

        var authorization = builder.Services.AddAuthorizationBuilder();
        foreach (var scope in Enum.GetValues<ApiScope>())
        {
            authorization.AddPolicy(scope.ToText(), policy => policy.RequireAuthenticatedUser().RequireClaim(ApiKeyAuthentication.ScopeClaim, scope.ToText()));
        }
    }

    public static void UseAccess(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>The endpoints take calls with a key of this scope, as often as the key may call.</summary>
    public static RouteGroupBuilder RequireScope(this RouteGroupBuilder endpoints, ApiScope scope) =>
        endpoints.RequireAuthorization(scope.ToText()).RequireRateLimiting(KeyRateLimit.Policy);

    /// <summary>
    /// AddAuthentication would bring data protection along, which keeps keys for cookies in the home directory and warns of it: there are
    /// no cookies here.
    /// </summary>
    private static void AddKeyAuthentication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddWebEncoders();
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = ApiKeyAuthentication.SchemeName);
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
    }
}
