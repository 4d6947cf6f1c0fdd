using System.Text.Json;
using Aspire.Hosting.Local.Dashboard;

namespace LocalMode.Tests.Dashboard;

public sealed class SecretTests
{
    private const string Value = "correct-horse-battery-staple";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_leaves_the_server_by_name_only()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("ingest") with
        {
            Environment = [new VariableView("Webhooks__Secret", Value, Secret: true), new VariableView("Mode", "local", Secret: false)],
        });

        var list = await dashboard.Client.GetStringAsync(new Uri("/api/resources", UriKind.Relative), Cancellation);
        using var stream = await dashboard.OpenAsync("/api/resources/stream");
        var events = await RunningDashboard.ReadAsync(stream, Cancellation).Take(3).Select(item => item.Data).ToListAsync(Cancellation);

        Assert.All([list, .. events], sent => Assert.DoesNotContain(Value, sent, StringComparison.Ordinal));
        Assert.Equal(
            [("Webhooks__Secret", null, true), ("Mode", "local", false)],
            JsonElement.Parse(list)[0].GetProperty("environment").EnumerateArray().Select(Variable));
    }

    [Fact]
    public void A_secret_has_no_value_that_could_be_written_somewhere()
    {
        var secret = new VariableView("Webhooks__Secret", Value, Secret: true);

        Assert.Null(secret.Value);
        Assert.DoesNotContain(Value, secret.ToString(), StringComparison.Ordinal);
    }

    private static (string? Name, string? Value, bool Secret) Variable(JsonElement variable) =>
        (variable.GetProperty("name").GetString(), variable.GetProperty("value").GetString(), variable.GetProperty("secret").GetBoolean());
}
