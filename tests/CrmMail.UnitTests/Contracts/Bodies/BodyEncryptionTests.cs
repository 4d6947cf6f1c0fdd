using System.Security.Cryptography;
using System.Text;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts.Bodies;

/// <summary>What was encrypted is read with the right keys for the right mail, and by nothing else.</summary>
public sealed class BodyEncryptionTests
{
    private const string OldKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string NewKey = "IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=";

    private static readonly byte[] Content = Encoding.UTF8.GetBytes("How much?");

    private readonly BodyPlace _place = new("amy", KeyOf("1@customer.example"));
    private readonly DataKey _ann = DataKey.Create();

    [Fact]
    public void A_body_is_read_with_the_key_of_every_contact_that_wrapped_its_key()
    {
        var ben = DataKey.Create();
        var key = ContentKey.Create();
        var content = key.Seal(Content, _place);
        var masterKeys = Keys(("old", OldKey));

        foreach (var contact in new[] { _ann, ben })
        {
            var wrapped = contact.Wrap(key, _place);
            var stored = masterKeys.Wrap(contact);
            Assert.Equal(Content, masterKeys.Unwrap(stored).Unwrap(wrapped, _place).Open(content, _place));
            Assert.Equal((60, 60, Content.Length + 28), (wrapped.Length, stored.Content.Length, content.Length));
        }
    }

    [Fact]
    public void The_same_is_never_encrypted_to_the_same_bytes()
    {
        var key = ContentKey.Create();

        Assert.NotEqual(key.Seal(Content, _place), key.Seal(Content, _place));
        Assert.NotEqual(_ann.Wrap(key, _place), _ann.Wrap(key, _place));
    }

    [Fact]
    public void No_byte_can_be_changed()
    {
        var key = ContentKey.Create();
        var content = key.Seal(Content, _place);
        for (var at = 0; at < content.Length; at++)
        {
            var changed = content.ToArray();
            changed[at] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => key.Open(changed, _place));
        }

        Assert.ThrowsAny<CryptographicException>(() => key.Open(content.AsSpan(0, 20), _place));
        Assert.Equal(Content, key.Open(content, _place));
    }

    [Theory]
    [InlineData("ben", "1@customer.example")]
    [InlineData("amy", "2@customer.example")]
    public void Neither_content_nor_key_passes_for_that_of_another_mail(string account, string messageId)
    {
        var other = new BodyPlace(account, KeyOf(messageId));
        var key = ContentKey.Create();
        var content = key.Seal(Content, _place);
        var wrapped = _ann.Wrap(key, _place);

        Assert.ThrowsAny<CryptographicException>(() => key.Open(content, other));
        Assert.ThrowsAny<CryptographicException>(() => _ann.Unwrap(wrapped, other));
    }

    [Fact]
    public void No_key_passes_for_another_one()
    {
        var masterKeys = Keys(("old", OldKey));
        var ben = DataKey.Create();
        var wrapped = _ann.Wrap(ContentKey.Create(), _place);

        Assert.ThrowsAny<CryptographicException>(() => ben.Unwrap(wrapped, _place));
        Assert.ThrowsAny<CryptographicException>(() => masterKeys.Unwrap(masterKeys.Wrap(ben) with { Id = _ann.Id }));
        Assert.ThrowsAny<CryptographicException>(() => Keys(("old", NewKey)).Unwrap(masterKeys.Wrap(_ann)));
    }

    [Fact]
    public void A_new_master_key_encrypts_and_the_old_one_still_decrypts()
    {
        var key = ContentKey.Create();
        var before = Keys(("old", OldKey)).Wrap(_ann);
        var both = Keys(("new", NewKey), ("old", OldKey));

        var after = both.Wrap(both.Unwrap(before));

        Assert.Equal(("old", "new", before.Id), (before.MasterKeyId, after.MasterKeyId, after.Id));
        var wrapped = _ann.Wrap(key, _place);
        Assert.Equal(Content, Keys(("new", NewKey)).Unwrap(after).Unwrap(wrapped, _place).Open(key.Seal(Content, _place), _place));
        var missing = Assert.Throws<MissingMasterKeyException>(() => Keys(("new", NewKey)).Unwrap(before));
        Assert.Equal("Bodies:MasterKeys does not have the key \"old\", with which keys of contacts are encrypted. Put it back behind the others.", missing.Message);
    }

    [Fact]
    public void Without_a_master_key_nothing_is_encrypted()
    {
        var none = Keys();

        Assert.Null(none.CurrentId);
        Assert.Null(Assert.Throws<MissingMasterKeyException>(() => none.Wrap(_ann)).KeyId);
    }

    [Fact]
    public void A_fingerprint_is_that_of_the_body_the_account_and_the_key()
    {
        var fingerprint = _ann.FingerprintOf(Content, "amy");

        Assert.Equal(fingerprint, _ann.FingerprintOf(Content, "amy"));
        Assert.NotEqual(fingerprint, _ann.FingerprintOf(Content, "ben"));
        Assert.NotEqual(fingerprint, _ann.FingerprintOf(Content.AsSpan(1), "amy"));
        Assert.NotEqual(fingerprint, DataKey.Create().FingerprintOf(Content, "amy"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("How much?", "")]
    [InlineData("", "<p>How much?</p>")]
    [InlineData("Wie viel? 😀", "<p>Wie viel? ü</p>")]
    public void A_body_comes_out_as_it_went_in(string text, string html)
    {
        foreach (var isTruncated in new[] { false, true })
        {
            var body = new MailBody(text, html, isTruncated);
            Assert.Equal(body, MailBody.FromBytes(body.ToBytes()));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0001000000")]
    [InlineData("00FFFFFFFF")]
    public void What_is_no_body_is_refused(string bytes) =>
        Assert.ThrowsAny<CryptographicException>(() => MailBody.FromBytes(Convert.FromHexString(bytes)));

    private static MessageKey KeyOf(string messageId)
    {
        Assert.True(MessageKey.TryFromMessageId(messageId, out var key));
        return key;
    }

    private static MasterKeys Keys(params (string Id, string Key)[] keys)
    {
        var options = new BodyOptions();
        foreach (var (id, key) in keys)
        {
            options.MasterKeys.Add(new MasterKeyOptions { Id = id, Key = key });
        }

        return new MasterKeys(options);
    }
}
