using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts.Privacy;

/// <summary>The table of docs/privacy.md.</summary>
public sealed class RedactorTests
{
    private static readonly Redactor Redactor = new(new RedactionOptions());

    [Theory]
    [InlineData("4111111111111111", "[redacted]")]
    [InlineData("my card is 4111 1111 1111 1111, thanks", "my card is [redacted], thanks")]
    [InlineData("(5500-0000-0000-0004)", "([redacted])")]
    [InlineData("Amex 3782 822463 10005.", "Amex [redacted].")]
    [InlineData("Diners 3056 930902 5904", "Diners [redacted]")]
    [InlineData("Maestro 6759 6498 2643 8453 and 501800000009", "Maestro [redacted] and [redacted]")] // 16 and 12 digits
    [InlineData("6304 0000 0000 0000 000", "[redacted]")] // 19 digits
    [InlineData("4111\u00a01111\u00a01111\u00a01111", "[redacted]")]
    [InlineData("4111–1111–1111–1111", "[redacted]")]
    [InlineData("order 12345 4111 1111 1111 1111 by 11/27", "order 12345 [redacted] by 11/27")]
    [InlineData("4111111111111111,5500000000000004", "[redacted],[redacted]")]
    [InlineData("4111 1111 1111 1112", "4111 1111 1111 1112")] // the check digit is wrong
    [InlineData("41111111111", "41111111111")] // too short
    [InlineData("41111111111111111111", "41111111111111111111")] // too long
    [InlineData("4111  1111  1111  1111", "4111  1111  1111  1111")] // two blanks
    [InlineData("41 11 11 11 11 11 11 11", "41 11 11 11 11 11 11 11")] // groups of two
    [InlineData("id4111111111111111", "id4111111111111111")] // part of a word
    [InlineData("4111111111111111_a", "4111111111111111_a")]
    [InlineData("0.4111111111111111", "0.4111111111111111")] // a fraction
    [InlineData("0000 0000 0000 0000", "0000 0000 0000 0000")]
    [InlineData("+4930901820 06", "+4930901820 06")]
    [InlineData("call +4111 1111 1111 117", "call +4111 1111 1111 117")] // a telephone number, although its digits check
    [InlineData("+49 30 123456 4111 1111 1111 1111", "+49 30 123456 [redacted]")] // too long for one
    [InlineData("2026-11-27 10:30", "2026-11-27 10:30")]
    public void Card_numbers(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("DE89370400440532013000", "[redacted]")]
    [InlineData("IBAN: DE89 3704 0044 0532 0130 00 at once", "IBAN: [redacted] at once")]
    [InlineData("gb29 nwbk 6016 1331 9268 19", "[redacted]")]
    [InlineData("GB29-NWBK-6016-1331-9268-19", "[redacted]")]
    [InlineData("NO9386011117947;MT84MALT011000012345MTLCAST001S", "[redacted];[redacted]")] // the shortest and one of the longest
    [InlineData("FR14 2004 1010 0505 0001 3M02 606", "[redacted]")]
    [InlineData("DE89 3704 0044 0532 0130 07", "DE89 3704 0044 0532 0130 07")] // the check digits are wrong
    [InlineData("DE8937040044053201300", "DE8937040044053201300")] // too short
    [InlineData("DE893704004405320130000", "DE893704004405320130000")] // too long
    [InlineData("XDE89370400440532013000", "XDE89370400440532013000")] // part of a word
    [InlineData("ZZ89370400440532013000", "ZZ89370400440532013000")] // no such country
    public void Ibans(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("password: hunter2 is it", "password: [redacted] is it")]
    [InlineData("Passwort:geheim", "Passwort:[redacted]")]
    [InlineData("PWD = x", "PWD = [redacted]")]
    [InlineData("DB_PASSWORD='two words', host=x", "DB_PASSWORD='[redacted]', host=x")]
    [InlineData("{\"password\":\"hunter2\",\"user\":\"ann\"}", "{\"password\":\"[redacted]\",\"user\":\"ann\"}")]
    [InlineData("Your password is hunter2", "Your password is [redacted]")]
    [InlineData("Das Kennwort lautet geheim1", "Das Kennwort lautet [redacted]")]
    [InlineData("The password is wrong", "The password is wrong")]
    [InlineData("Reset your password", "Reset your password")]
    [InlineData("password:", "password:")]
    [InlineData("mot de passe : soleil", "mot de passe : [redacted]")]
    [InlineData("api_key=abcd1234", "api_key=[redacted]")]
    [InlineData("client_secret: \"s3cr3ts3cr3t\"", "client_secret: \"[redacted]\"")]
    [InlineData("Secret: we are engaged", "Secret: we are engaged")]
    [InlineData("token: 12345", "token: 12345")] // too short
    [InlineData("Authorization: Basic YW5uOmh1bnRlcjI=", "Authorization: Basic [redacted]")]
    [InlineData("-H 'Authorization: Bearer abc' -v", "-H 'Authorization: Bearer [redacted] -v")]
    [InlineData("Authorization: Digest username=\"a\", realm=\"b\" end", "Authorization: Digest [redacted] end")]
    [InlineData("Authorization: granted", "Authorization: granted")]
    [InlineData("send Bearer 0123456789abcdef to", "send Bearer [redacted] to")]
    [InlineData("bearer of bad news", "bearer of bad news")]
    [InlineData("see https://ann:hunter2@example.com/x", "see https://ann:[redacted]@example.com/x")]
    [InlineData("see https://example.com:8080/a@b", "see https://example.com:8080/a@b")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "[redacted]")]
    [InlineData("key=ghp_0123456789abcdefghijABCDEFGHIJ012345.", "key=[redacted].")]
    [InlineData("xoxb-1234567890-abcdefghij", "[redacted]")]
    [InlineData("use sk_live_abcdefghijklmnop now", "use [redacted] now")]
    [InlineData("sk-ant-api03-0123456789abcdef", "[redacted]")]
    [InlineData("risk-free, desk-bound and task-oriented work", "risk-free, desk-bound and task-oriented work")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "[redacted]")]
    [InlineData("a -----BEGIN RSA PRIVATE KEY----- MIIE -----END RSA PRIVATE KEY----- b", "a [redacted] b")]
    [InlineData("a -----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1r", "a [redacted]")] // cut
    [InlineData("-----BEGIN PUBLIC KEY----- MIIE -----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY----- MIIE -----END PUBLIC KEY-----")]
    public void Secrets(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("Customer C-123456 and C-654321", "Customer [redacted] and [redacted]")]
    [InlineData("x C-123456[redacted]", "x [redacted][redacted]")]
    [InlineData("redacted? [redacted]", "[redacted]? [redacted]")] // what was removed is not removed again
    public void Patterns_of_the_configuration(string text, string expected) =>
        Assert.Equal(expected, new Redactor(new RedactionOptions { Patterns = { @"C-\d{6}", "redacted" } }).Redact(text));

    [Fact]
    public void Places_that_overlap_or_touch_are_one() =>
        Assert.Equal("card: [redacted]!", new Redactor(new RedactionOptions { Patterns = { " b.d", "d-" } }).Redact("card: 4111-1111-1111-1111 b-d-!"));

    [Fact]
    public void A_text_without_such_things_is_the_same_instance()
    {
        const string Text = "Dear Ann, on 27 November 2026 we ship 12 of 345 boxes; call 0301234567.";
        Assert.Same(Text, Redactor.Redact(Text));
    }

    [Fact]
    public void From_the_hundredth_match_of_a_pattern_on_all_is_removed()
    {
        var redactor = new Redactor(new RedactionOptions { Patterns = { "x" } });

        Assert.Equal(string.Concat(Enumerable.Repeat("[redacted]-", 99)) + "[redacted]", redactor.Redact(string.Concat(Enumerable.Repeat("x-", 150)) + "the end"));
    }
}
