using CrmMail.Contracts;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Writing;

namespace CrmMail.UnitTests.Processor.Writing;

public sealed class LinkSetTests
{
    private static readonly Guid Ann = Guid.NewGuid();
    private static readonly Guid Bob = Guid.NewGuid();

    [Fact]
    public void A_link_that_is_stored_is_not_added_again()
    {
        var links = new LinkSet();
        links.AddStored(Link(Ann, ParticipantRole.To));

        Assert.Equal(0, links.AddNamed([Link(Ann, ParticipantRole.To), Link(Bob, ParticipantRole.Cc)], 100));

        Assert.Equal([Link(Bob, ParticipantRole.Cc)], links.Added);
        Assert.Empty(links.Removed);
    }

    [Fact]
    public void The_envelope_adds_only_who_is_not_linked_yet()
    {
        var links = new LinkSet();
        links.AddStored(Link(Ann, ParticipantRole.Cc));

        links.AddUnnamed([Link(Ann, ParticipantRole.To), Link(Bob, ParticipantRole.To)], 100);

        Assert.Equal([Link(Bob, ParticipantRole.To)], links.Added);
    }

    [Fact]
    public void A_guess_of_the_envelope_gives_way_to_the_role_that_the_headers_name()
    {
        var links = new LinkSet();
        links.AddStored(Link(Ann, ParticipantRole.To));
        links.AddUnnamed([Link(Bob, ParticipantRole.To)], 100);

        ContactLink[] named = [Link(Ann, ParticipantRole.Cc), Link(Bob, ParticipantRole.Bcc), Link(Bob, ParticipantRole.To)];
        links.RemoveGuesses([.. named]);
        links.AddNamed([.. named], 100);

        Assert.Equal([Link(Ann, ParticipantRole.To)], links.Removed);
        Assert.Equal([Link(Bob, ParticipantRole.To), Link(Ann, ParticipantRole.Cc), Link(Bob, ParticipantRole.Bcc)], links.Added);
    }

    [Fact]
    public void No_more_contacts_are_linked_than_may_be_and_what_is_left_out_is_counted()
    {
        var links = new LinkSet();
        var crowd = Enumerable.Range(0, 10).Select(_ => Link(Guid.NewGuid(), ParticipantRole.To)).ToList();

        Assert.Equal(7, links.AddNamed(crowd, 3));

        Assert.Equal(crowd[..3], links.Added);
        Assert.Equal(0, links.AddNamed([crowd[0] with { Role = ParticipantRole.Cc }], 3)); // another role of a linked contact is no more contacts
        Assert.Equal(7, links.AddUnnamed(crowd, 3));
    }

    // Who tells of Ann, and by which rule: "e" the envelope, a role the headers.
    [Theory]
    [InlineData("to same-gmail, to exact", "to exact")]
    [InlineData("to exact, to same-gmail", "to exact")]
    [InlineData("to plus-tag, e exact", "to exact")]
    [InlineData("e exact, to plus-tag", "to exact")]
    [InlineData("cc plus-tag, e exact", "cc plus-tag")] // in a role that the headers name, only they count
    [InlineData("e exact, cc plus-tag", "cc plus-tag")]
    [InlineData("to plus-tag & cc same-gmail, e exact", "to exact, cc same-gmail")]
    [InlineData("e exact, to plus-tag & cc same-gmail", "to exact, cc same-gmail")]
    public void The_closest_rule_of_a_link_is_kept_in_whatever_order_it_is_told(string told, string expected)
    {
        var inOneBatch = new LinkSet();
        var stored = new List<ContactLink>();
        foreach (var mail in told.Split(", "))
        {
            Tell(inOneBatch, mail);

            var later = new LinkSet();
            stored.ForEach(later.AddStored);
            Tell(later, mail);
            stored.RemoveAll(link => later.Removed.Contains(link) || later.Added.Exists(added => added.Place == link.Place));
            stored.AddRange(later.Added);
        }

        Assert.Equal(expected, Text(inOneBatch.Added));
        Assert.Equal(expected, Text(stored));
    }

    [Fact]
    public void A_guess_that_was_taken_back_and_is_named_after_all_is_as_it_was_stored()
    {
        var links = new LinkSet();
        links.AddStored(Link(Ann, ParticipantRole.To));
        links.RemoveGuesses([Link(Ann, ParticipantRole.Cc)]);

        links.AddNamed([new(Ann, ParticipantRole.To, MatchRule.PlusTag)], 100);

        Assert.Empty(links.Added);
        Assert.Empty(links.Removed);
    }

    private static void Tell(LinkSet links, string mail)
    {
        var told = mail.Split(" & ").Select(link => link.Split(' '))
            .Select(words => new ContactLink(Ann, words[0] == "e" ? ParticipantRole.To : StableText.Parse<ParticipantRole>(words[0]), StableText.Parse<MatchRule>(words[1])))
            .ToList();
        if (mail[0] == 'e')
        {
            links.AddUnnamed(told, 100);
        }
        else
        {
            links.RemoveGuesses(told);
            links.AddNamed(told, 100);
        }
    }

    private static ContactLink Link(Guid contact, ParticipantRole role) => new(contact, role, MatchRule.Exact);

    private static string Text(IEnumerable<ContactLink> links) => string.Join(", ", links.OrderBy(link => link.Role).Select(link => $"{link.Role.ToText()} {link.MatchedBy?.ToText()}"));
}
