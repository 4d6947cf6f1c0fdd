namespace CrmMail.SystemTests.Processor;

public sealed class AccountAddressTests(RunningApplication system)
{
    [Fact]
    public async Task An_account_sends_under_every_login_that_it_has_had()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Eve", "eve@customer.example");

        await Task.WhenAll(mailbox.SendAsync(Login(mailbox, "first")), mailbox.SendAsync(Login(mailbox, "second")));
        await mailbox.WaitForOutcomesAsync(2);
        await mailbox.SendAsync(MailTo("eve@customer.example", mailbox, "first"));
        await mailbox.SendAsync(MailTo("eve@customer.example", mailbox, "second"));
        await mailbox.WaitForOutcomesAsync(4);

        Assert.Equal(2, (await mailbox.SnapshotAsync()).Split('\n').Count(line => line.Contains("| sent |", StringComparison.Ordinal)));
    }

    private static string Login(Mailbox mailbox, string login) =>
        $$$"""{"account":"{{{mailbox.Account}}}","date":"2026-11-21T21:00:00.000Z","event":"authenticationSuccess","data":{"user":"{{{login}}}.{{{mailbox.Account}}}@example.com"}}""";

    /// <summary>In a folder that holds mails of both directions, so that the author decides.</summary>
    private static string MailTo(string address, Mailbox mailbox, string login) =>
        $$$"""
        {"account":"{{{mailbox.Account}}}","date":"2026-11-21T21:00:18.669Z","path":"Archive","event":"messageNew","data":{"id":"{{{login}}}","path":"Archive","from":{"name":"","address":"{{{login}}}.{{{mailbox.Account}}}@example.com"},"to":[{"name":"","address":"{{{address}}}"}],"messageId":"<{{{login}}}@{{{mailbox.Account}}}.example.com>"}}
        """;
}
