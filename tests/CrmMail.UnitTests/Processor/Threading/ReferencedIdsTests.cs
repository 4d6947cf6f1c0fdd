using CrmMail.Contracts;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Threading;

namespace CrmMail.UnitTests.Processor.Threading;

public sealed class ReferencedIdsTests
{
    private static readonly Participants People = new() { From = { new Mailbox("Ann", "ann@x") }, To = { new Mailbox("", "Amy@y") } };

    [Theory]
    [InlineData("<1@x> <2@x>", null, "1@x|2@x")]
    [InlineData("<1@x>\r\n\t<2@x>,<3@x><4@x>", null, "1@x|2@x|3@x|4@x")]
    [InlineData("<1@x>", "<2@x>", "1@x|2@x")]
    [InlineData(null, "<2@x>", "2@x")]
    [InlineData("<1@x> <1@x>", "<1@x>", "1@x")] // said three times
    [InlineData("< 1@x >", null, "1@x")]
    [InlineData("<no-domain>", null, "no-domain")] // malformed ids are ids
    [InlineData("<#D26928#O108924#S 20094.9b@h>", null, "#D26928#O108924#S 20094.9b@h")]
    [InlineData("<<1@x>", null, "1@x")]
    [InlineData("1@x", "2@x", "")] // no angle brackets
    [InlineData("<1@x", "2@x>", "")]
    [InlineData("<> < >", null, "")]
    [InlineData("", null, "")]
    [InlineData(null, null, "")]
    public void What_stands_in_angle_brackets_is_an_id(string? references, string? inReplyTo, string ids) => Assert.Equal(KeysOf(ids), Read(references, inReplyTo));

    [Theory]
    [InlineData("Your message of Monday", "")]
    [InlineData("Your message of \"Mon, 01 Jan 2001\" <1@x>", "1@x")]
    [InlineData("Message from Ann <ann@x> of <Mon, 1 Jan> <1@x>", "1@x")]
    [InlineData("<1@x> from Amy <amy@Y>", "1@x")] // whatever the case
    [InlineData("see <1@x> and <2@x>", "1@x|2@x")]
    [InlineData("see <no-domain>", "")]
    [InlineData("<ann@x>", "ann@x")] // no prose: an id like an address is an id
    public void Between_words_an_address_or_a_date_is_none(string inReplyTo, string ids)
    {
        Assert.Equal(KeysOf(ids), Read(null, inReplyTo));
        Assert.Equal(KeysOf(ids), Read(inReplyTo, null));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(20_000)]
    public void Of_many_the_first_and_the_last_are_taken(int count)
    {
        var all = Enumerable.Range(1, count).Select(n => $"{n}@x").ToArray();
        string[] taken = count <= ReferencedIds.Max ? all : [.. all[..50], .. all[^50..]];

        Assert.Equal(KeysOf(string.Join('|', taken)), Read(string.Concat(all[..^1].Select(id => $"<{id}> ")), $"<{all[^1]}>"));
    }

    [Fact]
    public void A_hostile_header_costs_time_in_proportion_to_its_length() =>
        Assert.Empty(Read(new string('<', 1_000_000), string.Concat(Enumerable.Repeat("> ", 500_000))));

    private static HashSet<MessageKey> Read(string? references, string? inReplyTo)
    {
        var keys = new List<MessageKey>();
        ReferencedIds.AddKeys(new ThreadHeaders(references, inReplyTo), People, keys);
        Assert.True(keys.Count <= ReferencedIds.Max);
        return [.. keys];
    }

    private static HashSet<MessageKey> KeysOf(string ids) => [.. ids.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(KeyOf)];

    private static MessageKey KeyOf(string id) => MessageKey.TryFromMessageId($"<{id}>", out var key) ? key : throw new ArgumentException("No id.", nameof(id));
}
