using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class EventIdTests
{
    // printf 'abc' | sha256sum
    private const string HashOfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void The_id_given_by_the_sender_is_the_id() =>
        Assert.Equal("8da1af6e-0d9d-49a1-a51e-32325d16c264", EventId.Of("8da1af6e-0d9d-49a1-a51e-32325d16c264", "abc"u8).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\0b")]
    [InlineData("é")]
    public void Without_a_usable_id_two_deliveries_agree_by_their_body(string? given)
    {
        Assert.Equal(HashOfAbc, EventId.Of(given, "abc"u8).Value);
        Assert.NotEqual(EventId.Of(given, "abc"u8), EventId.Of(given, "abd"u8));
    }

    [Fact]
    public void An_id_longer_than_256_characters_is_not_usable()
    {
        Assert.Equal(256, EventId.Of(new string('x', 256), "abc"u8).Value.Length);
        Assert.Equal(HashOfAbc, EventId.Of(new string('x', 257), "abc"u8).Value);
    }

    [Fact]
    public void An_id_made_from_a_body_reads_back()
    {
        Assert.True(EventId.TryParse(HashOfAbc, out var eventId));
        Assert.Equal(EventId.Of(null, "abc"u8), eventId);
    }
}
