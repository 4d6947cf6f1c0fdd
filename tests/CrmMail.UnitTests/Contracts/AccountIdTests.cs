using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class AccountIdTests
{
    [Theory]
    [InlineData("amy")]
    [InlineData(" amy ")]
    [InlineData("9f6c/émile 用户 😀")]
    public void An_id_is_kept_as_it_is(string id) => Assert.Equal(id, AccountId.Parse(id).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void What_names_no_account_is_refused(string? id)
    {
        Assert.False(AccountId.TryParse(id, out var account));
        Assert.Null(account);
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.False(AccountId.TryParse("a\ud800b", out _));

    [Fact]
    public void The_longest_id_has_256_characters()
    {
        Assert.True(AccountId.TryParse(new string('a', 256), out _));
        Assert.False(AccountId.TryParse(new string('a', 257), out _));
        Assert.Throws<FormatException>(() => AccountId.Parse(new string('a', 257)));
    }

    [Fact]
    public void Case_matters()
    {
        Assert.Equal(AccountId.Parse("amy"), AccountId.Parse("amy"));
        Assert.NotEqual(AccountId.Parse("amy"), AccountId.Parse("Amy"));
    }
}
