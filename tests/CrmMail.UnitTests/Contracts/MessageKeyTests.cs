using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class MessageKeyTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");

    [Theory]
    [InlineData("<in-1@example.org>", "in-1@example.org")]
    [InlineData("in-1@example.org", "in-1@example.org")]
    [InlineData(" \t<in-1@example.org>\r\n", "in-1@example.org")]
    [InlineData("< in-1@example.org >", "in-1@example.org")]
    [InlineData("<In-1@Example.ORG>", "In-1@Example.ORG")]
    [InlineData("<<a@b>>", "<a@b>")]
    [InlineData("<a@b", "<a@b")]
    [InlineData("a@b>", "a@b>")]
    [InlineData("<#D26928#O108924#S 20094.9b@h>", "#D26928#O108924#S 20094.9b@h")]
    [InlineData("no at sign", "no at sign")]
    [InlineData("<a\0b@c>", "a\uFFFDb@c")]
    public void The_canonical_id_is_trimmed_and_loses_one_pair_of_brackets(string id, string canonical) =>
        Assert.Equal(canonical, MessageKey.Canonical(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("<>")]
    [InlineData("< >")]
    public void An_empty_id_is_no_key(string? id)
    {
        Assert.Null(MessageKey.Canonical(id));
        Assert.False(MessageKey.TryFromMessageId(id, out _));
        Assert.False(MessageKey.TryFromEmailId(Amy, id, out _));
    }

    [Fact]
    public void A_lone_surrogate_is_replaced_as_in_any_stored_text() => Assert.Equal("a\uFFFD@c", MessageKey.Canonical("<a\ud800@c>"));

    [Fact]
    public void The_key_is_the_hash_of_the_canonical_id()
    {
        Assert.True(MessageKey.TryFromMessageId("<in-1@example.org>", out var key));
        // printf 'in-1@example.org' | sha256sum
        Assert.Equal("209b95b37648bdbe89fcb24f2ded6e84fac503f9eaa71bdb52cc76b7786722d8", key.ToString());
        Assert.Equal(MessageKey.FromBytes(key.Bytes.Span), key);
        Assert.Equal(MessageKey.FromBytes(key.Bytes.Span).GetHashCode(), key.GetHashCode());
    }

    [Fact]
    public void Brackets_make_no_difference_and_case_does()
    {
        MessageKey.TryFromMessageId("<a@b>", out var bracketed);
        MessageKey.TryFromMessageId("a@b", out var bare);
        MessageKey.TryFromMessageId("A@b", out var upper);
        Assert.Equal(bracketed, bare);
        Assert.NotEqual(bare, upper);
    }

    [Fact]
    public void An_email_id_means_something_in_its_account_only()
    {
        MessageKey.TryFromEmailId(Amy, "1278455344230334865", out var atAmy);
        MessageKey.TryFromEmailId(AccountId.Parse("ben"), "1278455344230334865", out var atBen);
        Assert.NotEqual(atAmy, atBen);
    }

    [Fact]
    public void No_message_id_can_pass_for_an_email_id()
    {
        MessageKey.TryFromEmailId(Amy, "17", out var emailId);
        MessageKey.TryFromMessageId("emailId\0amy\017", out var forged);
        Assert.NotEqual(emailId, forged);
    }

    [Fact]
    public void A_message_id_of_any_length_makes_32_bytes()
    {
        Assert.True(MessageKey.TryFromMessageId($"<{new string('x', 100_000)}@y>", out var key));
        Assert.Equal(32, key.Bytes.Length);
        Assert.Throws<ArgumentException>(() => MessageKey.FromBytes(new byte[31]));
    }
}
