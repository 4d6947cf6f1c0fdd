using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts.Bodies;

/// <summary>Whatever is wrong with the keys is told in one line at the start.</summary>
public sealed class BodyOptionsTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public void Without_keys_it_starts() => Assert.Equal("", Faults());

    [Theory]
    [InlineData(Key)]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [InlineData("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ")] // As Aspire generates it.
    public void A_key_of_256_bits_is_one(string key) => Assert.Equal("", Faults(("2026", key), ("2025.b_c-d", key)));

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj")]
    [InlineData("-AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public void Anything_else_is_none(string key) =>
        Assert.Equal("Bodies:MasterKeys:0:Key is not 256 bits in Base64. Make one with: openssl rand -base64 32", Faults(("2026", key)));

    [Theory]
    [InlineData("")]
    [InlineData("with a blank")]
    [InlineData("it's")]
    public void An_id_is_a_word(string id) =>
        Assert.Equal("Bodies:MasterKeys:0:Id must have 1 to 64 letters, digits, dots, dashes or underscores.", Faults((id, Key)));

    [Fact]
    public void An_id_is_that_of_one_key() => Assert.Equal("Bodies:MasterKeys:2:Id is that of another key.", Faults(("a", Key), ("b", Key), ("a", Key)));

    [Fact]
    public void There_are_four_keys_at_most() => Assert.StartsWith(
        "Bodies:MasterKeys has 5 keys; it may have up to 4", Faults(("a", Key), ("b", Key), ("c", Key), ("d", Key), ("e", Key)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 262_144)]
    [InlineData(365, 999)]
    public void Limits_have_limits(int retentionDays, int maxLength)
    {
        var options = new BodyOptions { RetentionDays = retentionDays, MaxLength = maxLength };

        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), [], validateAllProperties: true));
    }

    private static string Faults(params (string Id, string Key)[] keys)
    {
        var options = new BodyOptions();
        foreach (var (id, key) in keys)
        {
            options.MasterKeys.Add(new MasterKeyOptions { Id = id, Key = key });
        }

        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return string.Join('|', faults.Select(fault => fault.ErrorMessage));
    }
}
