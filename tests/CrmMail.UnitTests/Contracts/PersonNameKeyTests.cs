using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public sealed class PersonNameKeyTests
{
    [Theory]
    [InlineData("Ann Smith", "ann smith")]
    [InlineData("SMITH, Ann", "ann smith")]
    [InlineData("  ann\"'(smith). ", "ann smith")]
    [InlineData("Ann Smith-Jones", "ann jones smith")]
    [InlineData("Zoë ÖZ", "zoë öz")]
    [InlineData("李雷", "李雷")]
    [InlineData("Ann Ann", "ann ann")]
    [InlineData("", null)]
    [InlineData(" -.- ", null)]
    public void Two_names_are_the_same_by_their_words(string name, string? key) => Assert.Equal(key, PersonNameKey.Of(name));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void What_is_too_long_is_no_name(int length, bool isName) => Assert.Equal(isName, PersonNameKey.Of(new string('a', length)) is not null);
}
