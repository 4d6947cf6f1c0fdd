using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts.Privacy;

public sealed class RedactionOptionsTests
{
    [Theory]
    [InlineData(@"C-\d{6}", null)]
    [InlineData("", "Redaction:Patterns:0 has 0 characters")]
    [InlineData("x*", "Redaction:Patterns:0 matches the empty text")]
    [InlineData("(", "Redaction:Patterns:0 is no regular expression")]
    [InlineData("(?<=a)b", "Redaction:Patterns:0 cannot be matched in linear time")]
    [InlineData(@"(a)\1", "Redaction:Patterns:0 cannot be matched in linear time")]
    public void A_pattern_is_refused_at_the_start_with_the_reason(string pattern, string? fault)
    {
        var faults = new RedactionOptions { Patterns = { pattern } }.Validate(new ValidationContext(new object())).ToList();

        Assert.Equal(fault is null ? 0 : 1, faults.Count);
        Assert.All(faults, found => Assert.StartsWith(fault!, found.ErrorMessage, StringComparison.Ordinal));
    }

    [Fact]
    public void There_are_not_too_many_patterns()
    {
        var options = new RedactionOptions();
        for (var n = 0; n < 33; n++)
        {
            options.Patterns.Add("x");
        }

        Assert.Equal("Redaction:Patterns has 33 patterns; at most 32 are allowed.", Assert.Single(options.Validate(new ValidationContext(new object()))).ErrorMessage);
    }
}
