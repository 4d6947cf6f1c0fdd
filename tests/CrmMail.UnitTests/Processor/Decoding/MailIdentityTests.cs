using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class MailIdentityTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");

    [Theory]
    [InlineData("<1@x>", null, null, 1, "1@x")]
    [InlineData("1@x", "<1@x>", null, 1, "1@x")] // the same id with and without brackets
    [InlineData("<1@x>", "<0@x>", null, 2, "1@x")] // rewritten by the provider
    [InlineData("<1@x>", "<0@x>", "gmail-7", 3, "1@x")]
    [InlineData(null, "<0@x>", null, 1, "0@x")]
    [InlineData(null, null, "gmail-7", 1, null)]
    [InlineData("", " ", "<>", 0, null)]
    [InlineData(null, null, null, 0, null)]
    public void A_mail_has_a_key_for_each_of_its_ids(string? messageId, string? original, string? emailId, int keys, string? kept)
    {
        var identity = MailIdentity.Of(Amy, messageId, original, emailId);

        Assert.Equal(keys, identity.Keys.Length);
        Assert.Equal(keys == 0, identity.IsEmpty);
        Assert.Equal(kept, identity.MessageId);
        Assert.Equal(keys, identity.Keys.ToArray().Distinct().Count());
    }

    [Fact]
    public void Case_and_length_are_part_of_an_id()
    {
        var longId = new string('ü', 100_000);

        Assert.NotEqual(MailIdentity.Of(Amy, "A@x", null, null).Keys[0], MailIdentity.Of(Amy, "a@x", null, null).Keys[0]);
        Assert.NotEqual(MailIdentity.Of(Amy, longId, null, null).Keys[0], MailIdentity.Of(Amy, longId + "ü", null, null).Keys[0]);
    }
}
