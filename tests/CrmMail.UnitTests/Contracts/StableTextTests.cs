using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

/// <summary>These texts lie in databases and topics. Add to the lists; never change them.</summary>
public class StableTextTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter<ParticipantRole>() } };

    [Fact]
    public void Sources() => AssertTexts<MailSource>("emailengine mailparse reconcile");

    [Fact]
    public void Directions() => AssertTexts<Direction>("incoming sent");

    [Fact]
    public void Roles() => AssertTexts<ParticipantRole>("from to cc bcc reply_to");

    [Fact]
    public void Sent_statuses() => AssertTexts<SentStatus>("queued sent failed bounced");

    [Fact]
    public void Outbound_states() => AssertTexts<OutboundState>("pending queued rejected canceled");

    [Fact]
    public void Account_states() =>
        AssertTexts<AccountState>("new init connecting syncing connected authentication-error connect-error disconnected unset deleted");

    [Fact]
    public void Scopes() => AssertTexts<ApiScope>("crm ops");

    [Fact]
    public void Run_states() => AssertTexts<RunState>("queued running paused completed failed cancelled");

    [Fact]
    public void Merge_states() => AssertTexts<MergeState>("moving merged undoing undone");

    [Fact]
    public void Storage_levels() => AssertTexts<StorageLevel>("metadata subject snippet body");

    [Fact]
    public void Contacts()
    {
        AssertTexts<ContactPolicy>("none sent sent-and-received");
        AssertTexts<ContactOrigin>("entered policy-sent policy-received");
    }

    [Fact]
    public void Operations() => AssertTexts<OperationAction>(
        "dead-letters.requeue dead-letters.discard dead-letters.cancel replay.start replay.cancel reconcile.start reconcile.cancel storage.set contacts.merge contacts.undo-merge bodies.rewrap contact-policy.set");

    [Fact]
    public void Dead_letters()
    {
        AssertTexts<DeadLetterState>("open requeued discarded");
        AssertTexts<DeadLetterReason>("decode schema row_rejected body_missing too_large");
        AssertTexts<DeadLetterAction>("requeue discard");
        AssertTexts<DeadLetterResult>("requeued discarded gone too_large");
    }

    [Fact]
    public void Tags() => AssertTexts<MailTag>("auto-reply bounce bulk no-reply calendar unverified");

    [Fact]
    public void Skip_reasons() => AssertTexts<SkipReason>(
        "no-contact no-message-id drafts junk trash self-mail own-accounts internal blocked filtered-auto-reply filtered-bounce filtered-bulk filtered-no-reply filtered-calendar filtered-unverified known-mail mailbox-change account-event delivery-report not-tracked account-deleted unknown-event");

    [Fact]
    public void Json_uses_the_same_texts() => Assert.Equal("\"reply_to\"", JsonSerializer.Serialize(ParticipantRole.ReplyTo, Json));

    [Fact]
    public void An_unknown_text_is_refused_with_the_known_ones()
    {
        Assert.False(StableText.TryParse<Direction>("Sent", out _));
        Assert.False(StableText.TryParse<Direction>(null, out _));
        var error = Assert.Throws<FormatException>(() => StableText.Parse<Direction>("outgoing"));
        Assert.Equal("\"outgoing\" is not one of: incoming, sent.", error.Message);
    }

    [Fact]
    public void A_value_outside_its_enum_has_no_text() => Assert.Throws<ArgumentOutOfRangeException>(() => ((Direction)7).ToText());

    private static void AssertTexts<TEnum>(string expected) where TEnum : struct, Enum
    {
        var values = Enum.GetValues<TEnum>();
        Assert.Equal(expected.Split(' '), values.Select(value => value.ToText()));
        Assert.Equal(values, values.Select(value => StableText.Parse<TEnum>(value.ToText())));
    }
}
