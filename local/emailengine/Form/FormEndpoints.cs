using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Form;

internal static class FormEndpoints
{
    public static void Map(ApiRoutes api, IEndpointRouteBuilder pages, IServiceProvider services)
    {
        var form = services.GetRequiredService<AccountForm>();
        var domains = services.GetRequiredService<ApiDescription>().Domains;
        api.Map("POST", "/v1/authentication/form", call => new { url = form.CreateLink(call.Body) });
        pages.MapGet("/accounts/new", (string? data, string? sig) => Show(form, data, sig));
        pages.MapPost("/accounts/new", (HttpRequest request) => SubmitAsync(form, domains, request));
    }

    private static IResult Show(AccountForm form, string? data, string? signature)
    {
        try
        {
            var ticket = form.Open(data, signature);
            return FormPage.Render(new FormInput(data!, signature!, Text(ticket, "name"), Text(ticket, "email")), problem: null);
        }
        catch (ApiError error)
        {
            return FormPage.RenderError(error);
        }
    }

    private static async Task<IResult> SubmitAsync(AccountForm form, TopLevelDomains domains, HttpRequest request)
    {
        var fields = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var input = new FormInput(fields["data"].ToString(), fields["sig"].ToString(), fields["name"].ToString().Trim(), fields["email"].ToString().Trim());
        var password = fields["password"].ToString();
        if (FormPage.Sample(fields["sample"].ToString()) is { } sample)
        {
            input = input with { Name = sample.Name, Email = sample.Email };
            password = "any";
        }

        try
        {
            var ticket = form.Open(input.Data, input.Signature);
            return Problem(domains, ticket, input, password) is { } problem
                ? FormPage.Render(input, problem)
                : Results.Redirect(form.Complete(ticket, input.Name, input.Email, password));
        }
        catch (ApiError error)
        {
            return FormPage.RenderError(error);
        }
    }

    private static FormProblem? Problem(TopLevelDomains domains, JsonObject ticket, FormInput input, string password)
    {
        if (input.Name.Length is 0 or > 256)
        {
            return new("name", "Please enter a name of at most 256 characters.");
        }

        if (!domains.IsAddress(input.Email))
        {
            return new("email", "Please enter a valid e-mail address, for example amy@example.com.");
        }

        var expected = Text(ticket, "expectedEmail");
        if (expected.Length > 0 && !string.Equals(expected, input.Email, StringComparison.OrdinalIgnoreCase))
        {
            return new("email", $"This link is for {expected}. Please connect that mailbox.");
        }

        return password is "" or Account.WrongPassword ? new("password", "The mail server did not accept this password.") : null;
    }

    private static string Text(JsonObject ticket, string key) => ticket[key]?.GetValue<string>() ?? "";
}
