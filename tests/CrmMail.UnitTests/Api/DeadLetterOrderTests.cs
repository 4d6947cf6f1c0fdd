using System.Text.Json;
using CrmMail.Api;
using CrmMail.Api.DeadLetters;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api;

/// <summary>What an operator may ask for.</summary>
public sealed class DeadLetterOrderTests
{
    [Theory]
    [InlineData("""{"all": true}""", "")]
    [InlineData("""{"all": true, "filter": {"state": "requeued"}}""", "")]
    [InlineData("""{"filter": {"ids": [1]}, "ratePerSecond": 10000, "limit": 1, "note": "why", "force": true}""", "")]
    [InlineData("""{}""", "filter")]
    [InlineData("""{"filter": {}}""", "filter")]
    [InlineData("""{"filter": {"state": "open"}}""", "filter")]
    [InlineData("""{"all": true, "filter": {"account": "amy"}}""", "all")]
    [InlineData("""{"filter": {"ids": []}}""", "filter.ids")]
    [InlineData("""{"filter": {"account": ""}}""", "filter.account")]
    [InlineData("""{"filter": {"account": "a\u0000"}}""", "filter.account")]
    [InlineData("""{"filter": {"event": ""}}""", "filter.event")]
    [InlineData("""{"filter": {"event": "a\u0000"}}""", "filter.event")]
    [InlineData("""{"filter": {"fingerprint": "0123456789ABCDEF"}}""", "filter.fingerprint")]
    [InlineData("""{"filter": {"fingerprint": "0123"}}""", "filter.fingerprint")]
    [InlineData("""{"filter": {"from": "2026-06-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}}""", "filter.to")]
    [InlineData("""{"all": true, "ratePerSecond": 0}""", "ratePerSecond")]
    [InlineData("""{"all": true, "ratePerSecond": 10001}""", "ratePerSecond")]
    [InlineData("""{"all": true, "limit": 0}""", "limit")]
    [InlineData("""{"all": true, "note": "a\u0000"}""", "note")]
    [InlineData("""{"filter": {"event": ""}, "limit": -1}""", "filter.event, limit")]
    public void An_order_names_letters_and_every_fault_is_named(string json, string fields) =>
        Assert.Equal(fields, string.Join(", ", DeadLetterRules.Check(Read(json)).ToErrors().Keys));

    [Fact]
    public void Too_many_ids_and_too_long_a_note_are_faults() => Assert.Equal(
        ["filter.ids", "note"],
        DeadLetterRules.Check(new() { Filter = new() { Ids = [.. Enumerable.Range(0, 1001).Select(n => (long)n)] }, Note = new string('x', 1001) }).ToErrors().Keys);

    [Fact]
    public void Open_letters_are_meant_and_a_hundred_per_second_unless_the_order_says_otherwise()
    {
        var plain = Read("""{"all": true}""").ToRequest();
        Assert.Equal((DeadLetterState.Open, 100, null, false), (plain.Filter.State, plain.RatePerSecond, plain.Limit, plain.Force));
        Assert.Equal(DeadLetterState.Discarded, Read("""{"filter": {"state": "discarded", "account": "amy"}}""").ToRequest().Filter.State);
    }

    [Fact]
    public void What_the_Api_stores_the_Processor_reads()
    {
        var request = new DeadLetterRunRequest
        {
            Filter = new() { Ids = [1, 2], State = DeadLetterState.Open, Reason = DeadLetterReason.TooLarge, Source = MailSource.Reconcile, From = DateTimeOffset.UnixEpoch },
            RatePerSecond = 7,
            Limit = 3,
            Force = true,
        };
        var json = JsonSerializer.Serialize(request, DeadLetterRunJson.Default.DeadLetterRunRequest);
        Assert.Contains("\"reason\":\"too_large\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, DeadLetterRunJson.Default.DeadLetterRunRequest), DeadLetterRunJson.Default.DeadLetterRunRequest));
    }

    private static DeadLetterOrder Read(string json) => JsonSerializer.Deserialize<DeadLetterOrder>(json, ApiJson.Options)!;
}
