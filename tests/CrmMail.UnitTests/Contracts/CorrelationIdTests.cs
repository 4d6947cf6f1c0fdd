using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class CorrelationIdTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");
    private static readonly EventId First = EventId.Of("e-1", default);

    [Fact]
    public void It_is_the_hash_that_a_shell_computes_as_well() =>
        // printf 'emailengine\0amy\0e-1' | sha256sum | cut -c-32
        Assert.Equal("aebd57031d88a748a876186b895a4e9e", CorrelationId.Of(MailSource.EmailEngine, Amy, First).Value);

    [Fact]
    public void Source_account_and_event_each_make_another_one()
    {
        var ids = new[]
        {
            CorrelationId.Of(MailSource.EmailEngine, Amy, First),
            CorrelationId.Of(MailSource.Reconcile, Amy, First),
            CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse("amye"), First),
            CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse("am"), EventId.Of("ye-1", default)),
            CorrelationId.Of(MailSource.EmailEngine, Amy, EventId.Of("e-2", default)),
        };
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    public void Only_32_lower_hex_digits_are_one(string? text) => Assert.False(CorrelationId.TryParse(text, out _));
}
