using CrmMail.Api.EmailEngine;

namespace CrmMail.UnitTests.Api;

public sealed class EmailEngineConnectionTests
{
    private const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";

    [Theory]
    [InlineData("http://localhost:3000", "http://localhost:3000/")]
    [InlineData("https://mail.example.com/", "https://mail.example.com/")]
    [InlineData("https://example.com/emailengine", "https://example.com/emailengine/")]
    public void An_address_and_a_token_are_a_connection(string endpoint, string expected)
    {
        Assert.True(EmailEngineConnection.TryParse($"Endpoint={endpoint};Token={Token}", out var connection, out _));
        Assert.Equal((expected, Token), (connection.Endpoint.AbsoluteUri, connection.Token));
    }

    [Theory]
    [InlineData(null, "it is not set")]
    [InlineData(" ", "it is not set")]
    [InlineData("http://localhost:3000", "this is no connection string")]
    [InlineData($"Token={Token}", "its Endpoint is no http or https address")]
    [InlineData($"Endpoint=localhost:3000;Token={Token}", "its Endpoint is no http or https address")]
    [InlineData($"Endpoint=ftp://localhost;Token={Token}", "its Endpoint is no http or https address")]
    [InlineData($"Endpoint=http://user:pass@localhost;Token={Token}", "its Endpoint is no http or https address")]
    [InlineData($"Endpoint=http://localhost?a=b;Token={Token}", "its Endpoint is no http or https address")]
    [InlineData("Endpoint=http://localhost", "its Token has 0 characters")]
    [InlineData("Endpoint=http://localhost;Token=0123456789abcdef", "its Token has 16 characters")]
    [InlineData("Endpoint=http://localhost;Token=x123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF", "others than hex digits")]
    public void Anything_else_is_told_in_one_line_without_the_token(string? connectionString, string expected)
    {
        Assert.False(EmailEngineConnection.TryParse(connectionString, out _, out var fault));
        Assert.StartsWith("ConnectionStrings:emailengine has the form Endpoint=http://host:port;Token=64 hex digits; ", fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
        Assert.DoesNotContain("0123456789abcdef", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:20", null)]
    [InlineData("00:00:00", "EmailEngine:SubmitTimeout is 00:00:00")]
    [InlineData("20.00:00:00", "EmailEngine:SubmitTimeout is 20.00:00:00")]
    public void A_time_of_twenty_days_was_meant_otherwise(string submitTimeout, string? expected)
    {
        var options = new EmailEngineOptions { ConnectionString = $"Endpoint=http://localhost;Token={Token}", SubmitTimeout = TimeSpan.Parse(submitTimeout, null) };
        var result = new EmailEngineOptionsValidator().Validate(null, options);
        Assert.Equal(expected is null, result.Succeeded);
        Assert.StartsWith(expected ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
    }
}
