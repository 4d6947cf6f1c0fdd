using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalMode.Tests.Runner;

/// <summary>Commands of a resource's own, as the dashboard and tests find them.</summary>
public sealed class CommandTests
{
    private const string RunUntilAsked = "trap 'exit 0' TERM; while :; do sleep 0.05; done";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_does_what_the_application_host_says_and_tells_it_on_the_console()
    {
        await using var application = new ShellApplication();
        application.Add("api", RunUntilAsked).WithCommand(
            "greet", "Greet", context => Task.FromResult(new ExecuteCommandResult { Success = true, Message = $"hello, {context.ResourceName}" }));
        await application.StartAsync(Cancellation);

        var result = await application.ExecuteAsync("api", "greet");

        Assert.Equal((true, "hello, api"), (result.Success, result.Message));
        Assert.Contains("Greet: hello, api", application.Console("api"));
    }

    [Fact]
    public async Task An_error_of_a_command_is_how_it_ended()
    {
        await using var application = new ShellApplication();
        application.Add("api", RunUntilAsked).WithCommand("break", "Break", _ => throw new InvalidOperationException("the spring is broken"));
        await application.StartAsync(Cancellation);

        var result = await application.ExecuteAsync("api", "break");

        Assert.Equal((false, "the spring is broken"), (result.Success, result.Message));
    }

    [Fact]
    public async Task A_later_command_of_the_same_name_replaces_the_former()
    {
        await using var application = new ShellApplication();
        application.Add("api", RunUntilAsked)
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Failure("the former")))
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success()));
        await application.StartAsync(Cancellation);

        Assert.True((await application.ExecuteAsync("api", "greet")).Success);
    }

    [Fact]
    public async Task The_dashboard_offers_commands_with_their_question_while_they_can_be_executed()
    {
        await using var application = new ShellApplication();
        application.Add("api", RunUntilAsked).WithHttpEndpoint()
            .WithHttpCommand("/work", "Work", commandName: "work", commandOptions: new HttpCommandOptions { ConfirmationMessage = "Really?", IsHighlighted = true })
            .WithCommand("hidden", "Hidden", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { UpdateState = _ => ResourceCommandState.Hidden });
        await application.StartAsync(Cancellation);
        var feed = new DashboardFeed(application.Application.Runner);

        await application.WaitForStateAsync("api", KnownResourceStates.Running);
        var running = feed.Resources.Single().Commands;
        await application.ExecuteAsync("api", KnownResourceCommands.StopCommand);
        var stopped = feed.Resources.Single().Commands;

        Assert.Equal(["start", "stop", "restart", "work"], running.Select(command => command.Name));
        Assert.Equal(new("work", "Work", Enabled: true, Highlighted: true, Confirmation: "Really?"), running[^1]);
        Assert.False(stopped[^1].Enabled);
    }

    [Theory]
    [InlineData(200, true, null)]
    [InlineData(503, false, "Request failed with status code ServiceUnavailable")]
    public async Task An_HTTP_command_sends_what_is_prepared_and_ends_as_the_answer_says(int status, bool success, string? message)
    {
        await using var application = new ShellApplication();
        var api = application.Add("api", RunUntilAsked).WithHttpEndpoint().WithHttpCommand("/work", "Work", commandName: "work", commandOptions: new HttpCommandOptions
        {
            PrepareRequest = context =>
            {
                context.Request.Headers.Add("X-Key", "a key");
                context.Request.Content = new StringContent("everything");
                return Task.CompletedTask;
            },
        });
        await application.StartAsync(Cancellation);
        var asked = "";
        await using var server = await ListenAsync(api.GetEndpoint("http").Url, async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            asked = $"{context.Request.Method} {context.Request.Path}, {context.Request.Headers["X-Key"]}, {await body.ReadToEndAsync(Cancellation)}";
            context.Response.StatusCode = status;
        });

        var result = await application.ExecuteAsync("api", "work");

        Assert.Equal((success, message), (result.Success, result.Message));
        Assert.Equal("POST /work, a key, everything", asked);
    }

    private static async Task<WebApplication> ListenAsync(string url, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add(url);
        server.Run(answer);
        await server.StartAsync(Cancellation);
        return server;
    }
}
