using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

/// <summary>The page at <c>/</c> and the control API under <c>/simulator</c>. No authentication: a tool of the developer's own machine.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, IServiceProvider services)
    {
        ControlPage.Map(app);
        var control = app.MapGroup("/simulator");
        MailboxControl.Map(control, services);
        WebhookControl.Map(control, services.GetRequiredService<WebhookQueue>());
        var switches = services.GetRequiredService<Switches>();
        var overview = services.GetRequiredService<Overview>();
        control.MapGet("/state", (int? webhooks) => overview.Take(webhooks ?? 60));
        control.MapGet("/switches", () => SwitchState.Of(switches));
        control.MapPut("/switches", (SwitchChange change) => change.Apply(switches));
    }
}
