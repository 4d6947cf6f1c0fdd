using System.Net;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

/// <summary>The page at <c>/</c> and the control API under <c>/simulator</c>. No authentication: a tool of the developer's own machine.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, IServiceProvider services)
    {
        ControlPage.Map(app);
        var control = app.MapGroup("/simulator").AddEndpointFilter(RefuseStrangersAsync);
        services.GetRequiredService<MailboxControl>().Map(control);
        WebhookControl.Map(control, services.GetRequiredService<WebhookQueue>());
        var switches = services.GetRequiredService<Switches>();
        var overview = services.GetRequiredService<Overview>();
        control.MapGet("/state", (int? webhooks) => overview.Take(webhooks ?? 60));
        control.MapGet("/switches", () => SwitchState.Of(switches));
        control.MapPut("/switches", (SwitchChange change) => change.Apply(switches));
    }

    /// <summary>EENGINE_HOST may open the port to the network, as the container does; what needs no token stays on this machine.</summary>
    private static ValueTask<object?> RefuseStrangersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            ? next(context)
            : throw new ApiError(HttpStatusCode.Forbidden, "The control API answers only to this machine");
}
