using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace LocalMode.Tests.Runner;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_process_gets_values_that_are_known_only_once_the_application_runs()
    {
        await using var application = new ShellApplication();
        var server = application.Add("server", "echo listening on $PORT; exec sleep 60").WithHttpEndpoint(targetPort: 80, env: "PORT");
        var secret = application.Builder.AddParameter("key", new GenerateParameterDefault { MinLength = 12 }, secret: true);
        application.Add("client", "echo \"$URL and $KEY\"; exec sleep 60")
            .WithEnvironment("URL", ReferenceExpression.Create($"{server.GetEndpoint("http").Property(EndpointProperty.Url)}/path?a={{b}}"))
            .WithEnvironment("KEY", secret);

        await application.StartAsync(TestContext.Current.CancellationToken);

        var port = server.GetEndpoint("http").Port;
        var key = await secret.Resource.GetValueAsync(TestContext.Current.CancellationToken);
        await application.WaitForLineAsync("server", line => line == $"listening on {port}");
        await application.WaitForLineAsync("client", line => line == $"http://localhost:{port}/path?a={{b}} and {key}");
    }

    [Fact]
    public async Task A_variable_that_holds_a_secret_says_so()
    {
        await using var application = new ShellApplication();
        var secret = application.Builder.AddParameter("key", new GenerateParameterDefault { MinLength = 12 }, secret: true);
        var client = application.Add("client", "true")
            .WithEnvironment("PLAIN", "plain")
            .WithEnvironment("KEY", secret)
            .WithEnvironment("NESTED", ReferenceExpression.Create($"a{ReferenceExpression.Create($"b{secret}")}"));

        var variables = await ResourceEnvironment.ResolveAsync(client.Resource, application.Builder.ExecutionContext, TestContext.Current.CancellationToken);

        Assert.Equal(["KEY", "NESTED"], variables.Where(variable => variable.IsSecret).Select(variable => variable.Name));
    }
}
