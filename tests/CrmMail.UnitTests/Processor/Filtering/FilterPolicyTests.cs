using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;
using CrmMail.Processor.Filtering;

namespace CrmMail.UnitTests.Processor.Filtering;

public sealed class FilterPolicyTests
{
    private const string Newsletter = "\"from\":{\"address\":\"noreply@news.example\"},\"headers\":{\"list-unsubscribe\":[\"<x>\"]}";
    private const string Spam = "\"from\":{\"address\":\"ann@customer.example\"},\"headers\":{\"x-spam-flag\":[\"YES\"]}";

    [Theory]
    [InlineData(Newsletter, "", "bulk no-reply: list-unsubscribe no-reply-sender")]
    [InlineData(Newsletter, "bulk=keep", "no-reply: no-reply-sender")]
    [InlineData(Newsletter, "bulk=keep no-reply=keep", ":")]
    [InlineData(Newsletter, "bulk=drop", "filtered-bulk")]
    [InlineData(Newsletter, "bulk=keep no-reply=drop", "filtered-no-reply")]
    [InlineData(Newsletter, "bulk=drop no-reply=drop", "filtered-bulk")] // By the number of the tag.
    [InlineData(Newsletter, "calendar=drop unverified=drop", "bulk no-reply: list-unsubscribe no-reply-sender")]
    [InlineData(Spam, "unverified=drop", "filtered-unverified")]
    [InlineData("\"isBounce\":true", "bounce=drop", "filtered-bounce")]
    [InlineData("\"isAutoReply\":true", "auto-reply=drop", "filtered-auto-reply")]
    [InlineData("\"attachments\":[{\"method\":\"REQUEST\"}]", "calendar=drop", "filtered-calendar")]
    public void The_action_of_each_tag_is_applied(string members, string actions, string expected)
    {
        var decision = Policy(actions).Decide(Webhook.DecodeMail(members));
        var tags = string.Join(' ', decision.Tags.ToList().Select(tag => tag.ToText()));
        Assert.Equal(expected, decision.Skip?.ToText() ?? $"{tags}: {string.Join(' ', FilterTable.Embedded.NamesOf(decision.Rules))}".TrimEnd());
    }

    [Theory]
    [InlineData("amy@corp.example", "\"to\":[{\"address\":\"ben@corp.example\"}]", true)]
    [InlineData("Amy@CORP.example", "\"to\":[{\"address\":\"ben@corp.example \"}],\"cc\":[{\"address\":\"c@b\u00fccher.example\"}]", true)]
    [InlineData("amy@corp.example", "\"to\":[{\"address\":\"ben@corp.example\"},{\"address\":\"ann@customer.example\"}]", false)]
    [InlineData("amy@corp.example", "\"to\":[{\"address\":\"ben@corp.example\"}],\"bcc\":[{\"address\":\"ann@customer.example\"}]", false)]
    [InlineData("amy@corp.example", "\"to\":[{\"address\":\"ben@eu.corp.example\"}]", false)]
    [InlineData("amy@corp.example", "\"to\":[{\"address\":\"corp.example\"}]", false)]
    [InlineData("amy@corp.example", "\"to\":[]", false)] // Nobody knows to whom it went.
    [InlineData("form@corp.example", "\"to\":[{\"address\":\"amy@corp.example\"}],\"replyTo\":[{\"address\":\"ann@customer.example\"}]", false)] // A form on one's own site.
    [InlineData("ann@customer.example", "\"to\":[{\"address\":\"amy@corp.example\"}]", false)]
    public void Mail_among_own_domains_alone_is_internal(string from, string members, bool isInternal)
    {
        var policy = new FilterPolicy(new FilterOptions { OwnDomains = { "Corp.example", "b\u00fccher.example" } });
        var mail = Webhook.DecodeMail($"\"from\":{{\"address\":\"{from}\"}},{members}");

        Assert.Equal(isInternal ? SkipReason.Internal : null, policy.Decide(mail).Skip);
        Assert.Null(Policy("").Decide(mail).Skip);
    }

    [Theory]
    [InlineData("[\"ben@corp.example\"]", true)]
    [InlineData("[\"ben@corp.example\",\"ann@customer.example\"]", false)]
    [InlineData("[]", false)]
    public void What_messageSent_tells_is_internal_by_the_same_rule(string recipients, bool isInternal)
    {
        var sent = Webhook.Decode(Webhook.Of("messageSent", $$"""  "messageId":"<1@x>","envelope":{"from":"amy@corp.example","to":{{recipients}}}  """)).Content;
        Assert.Equal(isInternal ? SkipReason.Internal : null, new FilterPolicy(new FilterOptions { OwnDomains = { "corp.example" } }).Decide(sent).Skip);
    }

    [Theory]
    [InlineData("\"from\":{\"address\":\"ann@customer.example\"}", true)]
    [InlineData("\"from\":{\"address\":\"ann@customer.example\"},\"attachments\":[{\"method\":\"REQUEST\"}]", true)] // An invitation is from a person.
    [InlineData("\"from\":{\"address\":\"no-reply@customer.example\"}", false)]
    [InlineData(Newsletter, false)]
    [InlineData(Spam, false)]
    [InlineData("\"from\":{\"address\":\"ann@customer.example\"},\"headers\":{\"list-id\":[\"<x.googlegroups.com>\"]}", false)] // From is the list.
    [InlineData("\"from\":{\"address\":\"ann@customer.example\"},\"isAutoReply\":true", false)]
    [InlineData("\"from\":{\"address\":\"ann@customer.example\"},\"isBounce\":true", false)]
    public void A_contact_is_made_of_a_person_who_wrote_alone(string members, bool mayMakeContact)
    {
        // Whatever the settings do with such mail.
        foreach (var actions in new[] { "", "bulk=keep no-reply=keep auto-reply=keep bounce=keep calendar=keep" })
        {
            Assert.Equal(!mayMakeContact, Policy(actions).Decide(Webhook.DecodeMail(members)).ForbidsContact);
        }
    }

    [Theory]
    [InlineData("spam=drop", "Filters:Actions:spam names no tag. There are auto-reply, bounce, bulk, no-reply, calendar, unverified.")]
    [InlineData("bulk=hide", "Filters:Actions:bulk is \"hide\"; it must be one of keep, tag, drop.")]
    [InlineData("unverified=keep", "Filters:Actions:unverified is \"keep\"; it must be tag or drop, for what such a mail says of itself is never believed.")]
    [InlineData("own=@corp.example", "Filters:OwnDomains has \"@corp.example\"; it must be the name of a domain and nothing more, as corp.example.")]
    public void What_is_wrong_with_the_settings_is_said(string setting, string message)
    {
        var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
        var options = name == "own" ? new FilterOptions { OwnDomains = { value } } : Options(setting);
        Assert.Equal(message, Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage);
    }

    private static FilterPolicy Policy(string actions)
    {
        var options = Options(actions);
        Assert.Empty(options.Validate(new ValidationContext(options)));
        return new FilterPolicy(options);
    }

    private static FilterOptions Options(string actions)
    {
        var options = new FilterOptions();
        foreach (var action in actions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Actions.Add(action.Split('=')[0], action.Split('=')[1]);
        }

        return options;
    }
}
