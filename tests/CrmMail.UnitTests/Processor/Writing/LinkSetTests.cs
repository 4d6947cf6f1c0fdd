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
        links.AddStored(new(Ann, ParticipantRole.To));

        Assert.Equal(0, links.AddNamed([new(Ann, ParticipantRole.To), new(Bob, ParticipantRole.Cc)], 100));

        Assert.Equal([new(Bob, ParticipantRole.Cc)], links.Added);
        Assert.Empty(links.Removed);
    }

    [Fact]
    public void The_envelope_adds_only_who_is_not_linked_yet()
    {
        var links = new LinkSet();
        links.AddStored(new(Ann, ParticipantRole.Cc));

        links.AddUnnamed([new(Ann, ParticipantRole.To), new(Bob, ParticipantRole.To)], 100);

        Assert.Equal([new(Bob, ParticipantRole.To)], links.Added);
    }

    [Fact]
    public void A_guess_of_the_envelope_gives_way_to_the_role_that_the_headers_name()
    {
        var links = new LinkSet();
        links.AddStored(new(Ann, ParticipantRole.To));
        links.AddUnnamed([new(Bob, ParticipantRole.To)], 100);

        ContactLink[] named = [new(Ann, ParticipantRole.Cc), new(Bob, ParticipantRole.Bcc), new(Bob, ParticipantRole.To)];
        links.RemoveGuesses([.. named]);
        links.AddNamed([.. named], 100);

        Assert.Equal([new(Ann, ParticipantRole.To)], links.Removed);
        Assert.Equal([new(Bob, ParticipantRole.To), new(Ann, ParticipantRole.Cc), new(Bob, ParticipantRole.Bcc)], links.Added);
    }

    [Fact]
    public void No_more_contacts_are_linked_than_may_be_and_what_is_left_out_is_counted()
    {
        var links = new LinkSet();
        var crowd = Enumerable.Range(0, 10).Select(_ => new ContactLink(Guid.NewGuid(), ParticipantRole.To)).ToList();

        Assert.Equal(7, links.AddNamed(crowd, 3));

        Assert.Equal(crowd[..3], links.Added);
        Assert.Equal(0, links.AddNamed([crowd[0] with { Role = ParticipantRole.Cc }], 3)); // another role of a linked contact is no more contacts
        Assert.Equal(7, links.AddUnnamed(crowd, 3));
    }
}
