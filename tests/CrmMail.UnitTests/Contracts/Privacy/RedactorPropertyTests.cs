using System.Diagnostics;
using System.Text;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts.Privacy;

/// <summary>What holds of every text.</summary>
public sealed class RedactorPropertyTests
{
    private static readonly Redactor Redactor = new(new RedactionOptions());

    private static readonly string[] Pieces =
    [
        "4111 1111 1111 1111", "4111111111111111", "378282246310005", "5018", "0000", "1", "12345", "+", "-", " ", "  ", ".", ",", "\u00a0", "a", "_",
        "DE89", "3704 0044 0532 0130 00", "DE89370400440532013000", "GB29 NWBK", "password", "passwort: ", "pwd=", "token", "secret = ", ": ", "=", "\"", "'",
        " is ", "hunter2", "abcd1234", "Authorization: ", "Basic ", "Bearer ", "Digest a=1,", "0123456789abcdef", "https://", "ann:x@", "@", "/",
        "AKIA", "IOSFODNN7EXAMPLE", "ghp_", "sk-", "SG.", "eyJ", "-----BEGIN ", "PRIVATE KEY-----", "-----END ", "-----", "[redacted]", "[", "]", "\n", "\0", "\ud83d", "ß", "İ", "ſecret", "：",
    ];

    [Fact]
    public void What_was_redacted_stays_as_it_is()
    {
        var random = new Random(20261127);
        for (var n = 0; n < 200_000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var once = Redactor.Redact(text);

            Assert.True(once == Redactor.Redact(once), $"\"{text}\" became \"{once}\" and then \"{Redactor.Redact(once)}\"");
        }
    }

    [Fact]
    public void No_number_of_a_card_survives_among_other_words()
    {
        var random = new Random(20261127);
        for (var n = 0; n < 20_000; n++)
        {
            var card = NewCard(random);
            var text = $"{Words(random)}{(random.Next(2) == 0 ? card : InGroups(card, random))}{(random.Next(2) == 0 ? " " : ", ")}{Words(random).TrimStart()}";
            var redacted = Redactor.Redact(text);

            Assert.True(!new string([.. redacted.Where(char.IsAsciiDigit)]).Contains(card, StringComparison.Ordinal), $"\"{text}\" became \"{redacted}\"");
        }
    }

    public static TheoryData<string> Hostile =>
    [
        "1", "1 ", "1234 ", "4111-", "+1 ", "DE89", "DE89 3704 0044 0532 0130 0", "password", "password:", "password: ", "password ", "pwd=\"", "passwordis ", "password is x",
        "token:", "token=\"", "token: a", "authorization:", "authorization: a,", "authorization: basic ", "bearer ", "bearer a", "://", "://a:", "://a", "-----BEGIN ", "-----BEGIN PRIVATE KEY",
        "-----END ", "AKIA", "ghp_", "sk-", "SG.", "eyJ", "eyJ.", "eyJa.", "eyJ-", "\0", "a", " ", "[redacted]",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Two_million_characters_of_one_piece_are_no_work(string piece)
    {
        var text = new StringBuilder().Insert(0, piece, 2_000_000 / piece.Length).ToString();
        var watch = Stopwatch.StartNew();

        Redactor.Redact(text);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("a*b|a")]
    [InlineData("(a|aa)+$")]
    [InlineData(".*x|a")]
    public void A_pattern_that_reads_to_the_end_for_every_match_is_no_work_either(string pattern)
    {
        var redactor = new Redactor(new RedactionOptions { Patterns = { pattern } });
        var watch = Stopwatch.StartNew();

        redactor.Redact(new string('a', 200_000));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Any_bytes_are_taken()
    {
        var random = new Random(20261127);
        var characters = new char[200];
        for (var n = 0; n < 50_000; n++)
        {
            var text = characters.AsSpan(0, random.Next(characters.Length));
            foreach (ref var character in text)
            {
                character = (char)random.Next(random.Next(4) == 0 ? 0x10000 : 128);
            }

            Assert.NotNull(Redactor.Redact(text.ToString()));
        }
    }

    private static string NewCard(Random random)
    {
        var digits = new int[random.Next(12, 20)];
        var sum = 0;
        for (var at = 0; at < digits.Length - 1; at++)
        {
            digits[at] = random.Next(at == 0 ? 1 : 0, 10);
            sum += (digits.Length - at) % 2 == 0 ? (digits[at] * 2 / 10) + (digits[at] * 2 % 10) : digits[at];
        }

        digits[^1] = (10 - (sum % 10)) % 10;
        return string.Concat(digits);
    }

    private static string InGroups(string card, Random random)
    {
        var parted = new StringBuilder();
        for (var at = 0; at < card.Length;)
        {
            var length = Math.Min(card.Length - at, random.Next(4, 7));
            parted.Append(at == 0 ? "" : random.Next(2) == 0 ? " " : "-").Append(card, at, length);
            at += length;
        }

        return parted.ToString();
    }

    private static string Words(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3) switch { 0 => "word ", 1 => $"{random.Next(1_000_000)} ", _ => "(12-34) " }));
}
