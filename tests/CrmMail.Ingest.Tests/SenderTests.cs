using System.Net;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.Tests.Running;
using Microsoft.AspNetCore.Hosting;

namespace CrmMail.Ingest.Tests;

/// <summary>Who may send, and whose word on it is taken.</summary>
public sealed class SenderTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.0/104", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("127.0.0.2", false)]
    [InlineData("::1", false)]
    public async Task Only_listed_networks_may_send(string network, bool isTaken)
    {
        // A socket for both protocols shows an IPv4 sender as ::ffff:127.0.0.1.
        foreach (var url in (string[])["http://127.0.0.1:0", "http://[::]:0"])
        {
            await using var ingest = await RunningIngest.StartAsync(builder => builder.WebHost.UseUrls(url), ("Limits:AllowedNetworks:0", network));

            var answer = await ingest.SendAsync(Webhook.Small);

            if (isTaken)
            {
                answer.AssertAccepted();
            }
            else
            {
                answer.AssertProblem(403, "address-not-allowed");
                Assert.Equal("address-not-allowed 1", ingest.Measured.Answers);
            }
        }
    }

    /// <summary>The proxies that are known, what X-Forwarded-For says, and whether the sender counts as one of 192.0.2.0/24.</summary>
    [Theory]
    [InlineData("", "192.0.2.7", false)]
    [InlineData("10.0.0.1", "192.0.2.7", false)]
    [InlineData("127.0.0.1", "192.0.2.7", true)]
    [InlineData("127.0.0.0/8", "192.0.2.7:51111", true)]
    [InlineData("::ffff:127.0.0.1", "192.0.2.7", true)]
    [InlineData("127.0.0.1", "::ffff:192.0.2.7", true)]
    [InlineData("127.0.0.1", "[::ffff:192.0.2.7]:51111", true)]
    [InlineData("127.0.0.1", "192.0.2.7, 198.51.100.1", false)]
    [InlineData("127.0.0.1", "198.51.100.1, 192.0.2.7", true)]
    [InlineData("127.0.0.1", "192.0.2.7, 127.0.0.1", false)]
    [InlineData("127.0.0.1", "192.0.2.7, unknown", false)]
    [InlineData("127.0.0.1", "", false)]
    public async Task The_last_hop_of_a_known_proxy_is_believed_and_nothing_else(string proxy, string forwardedFor, bool isTaken)
    {
        await using var ingest = await RunningIngest.StartAsync(
            ("Limits:AllowedNetworks:0", "192.0.2.0/24"), ("Limits:KnownProxies:0", proxy.Length == 0 ? null : proxy), ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));

        var answer = await ingest.SendAsync(Webhook.Small, headers: [("X-Forwarded-For", forwardedFor), ("Forwarded", "for=192.0.2.7"), ("X-Real-IP", "192.0.2.7")]);

        Assert.Equal(isTaken ? 202 : 403, answer.Status);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    public void A_sender_is_an_IPv4_address_or_an_IPv6_network_of_64_bits(string one, string other, bool isSame) =>
        Assert.Equal(isSame, AddressRateLimit.SenderOf(IPAddress.Parse(one)) == AddressRateLimit.SenderOf(IPAddress.Parse(other)));

    [Fact]
    public async Task Who_sends_too_much_is_told_to_wait_and_others_are_not()
    {
        const int Burst = 3;
        await using var ingest = await RunningIngest.StartAsync(
            ("Limits:RequestsPerSecond", "1"), ("Limits:RequestBurst", $"{Burst}"), ("Limits:KnownProxies:0", "127.0.0.1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendFromAsync("192.0.2.1")));

        var refused = answers.Where(answer => answer.Status == 429).ToArray();
        Assert.InRange(refused.Length, 1, answers.Length - Burst);
        Assert.All(refused, answer => Assert.InRange(answer.RetryAfter, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)));
        refused[0].AssertProblem(429, "rate-limited");
        Assert.Equal($"accepted {answers.Length - refused.Length}, rate-limited {refused.Length}", ingest.Measured.Answers);
        (await SendFromAsync("192.0.2.2")).AssertAccepted();

        Task<Answer> SendFromAsync(string address) => ingest.SendAsync(Webhook.Small, headers: [("X-Forwarded-For", address)]);
    }

    [Fact]
    public async Task The_rate_is_limited_before_a_signature_is_looked_at()
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:RequestsPerSecond", "1"), ("Limits:RequestBurst", "1"));
        var unsigned = Webhook.Small with { Signature = null };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ingest.SendAsync(unsigned)));

        Assert.Contains(answers, answer => answer.Status == 429);
    }
}
