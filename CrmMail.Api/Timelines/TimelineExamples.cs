using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>What the OpenAPI document shows.</summary>
internal static class TimelineExamples
{
    public const string ThreadId = "3b1f0c2a9d8e7f60514233a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

    private static readonly DateTimeOffset Time = new(2026, 11, 21, 21, 0, 14, TimeSpan.Zero);
    private static readonly Participants People = new() { From = [new("Ann Smith", "ann@customer.example")], To = [new("Amy", "amy@corp.example")] };
    private static readonly Capture InMailbox = new("amy", MailSource.EmailEngine, Direction.Incoming, Time.AddSeconds(4));
    private static readonly Capture AtTeamAddress = new("mailparse:sales", MailSource.MailParse, Direction.Incoming, Time.AddSeconds(2));
    private static readonly EventTrace Trace = new(
        "6f1b0d0e-5d0b-4a3c-9a55-0a6f6b1c7e11", MailSource.EmailEngine, MailTopics.Events, 3, 4711, Time.AddSeconds(4), Time.AddSeconds(5), "0d3c6f1e5a7b4c2d9e8f7a6b5c4d3e2f");

    public static TimelineItem Item { get; } = new()
    {
        Id = 17,
        AccountIds = ["amy", "mailparse:sales"],
        Captures = [InMailbox, AtTeamAddress],
        Direction = Direction.Incoming,
        Roles = [ParticipantRole.From],
        Subject = "Your offer",
        Snippet = "Thank you, we take it.",
        Participants = People,
        ParticipantCount = 2,
        AttachmentCount = 0,
        IsAutoReply = false,
        Tags = [],
        IsComplete = true,
        Status = null,
        StatusDetail = null,
        StatusAt = null,
        OccurredAt = Time,
        ReceivedAt = Time.AddSeconds(4),
        MessageId = "1@customer.example",
        ThreadId = ThreadId,
    };

    public static Activity Activity { get; } = new()
    {
        Id = 17,
        AccountId = "amy",
        Direction = Direction.Incoming,
        Subject = "Your offer",
        Snippet = "Thank you, we take it.",
        Participants = People,
        Contacts = [new(new Guid("0198d5a5-7c00-7000-8000-0242ac120002"), "Ann Smith", [ParticipantRole.From], MatchRule.Exact)],
        Deals = [new(new Guid("0198d5a5-7c00-7000-8000-0242ac120004"), "A hundred licences", DealReason.Contact)],
        Copies = [new(17, "amy", Direction.Incoming)],
        Captures = [InMailbox, AtTeamAddress],
        AttachmentCount = 0,
        IsAutoReply = false,
        Tags = [],
        TagRules = [],
        IsComplete = true,
        Status = null,
        StatusDetail = null,
        StatusAt = null,
        OccurredAt = Time,
        MessageId = "1@customer.example",
        InReplyTo = null,
        ThreadId = ThreadId,
        Folder = "INBOX",
        Trace = Trace,
    };

    public static Explanation Explanation { get; } = new(
        17,
        "amy",
        Direction.Incoming,
        2,
        [
            new("ann+offers@customer.example", ParticipantRole.From, AddressOutcome.Contact, Activity.Contacts[0].Id, null, [
                new(MatchRule.Exact, "ann+offers@customer.example", false, []),
                new(MatchRule.PlusTag, "ann@customer.example", true, [new("ann@customer.example", Activity.Contacts[0].Id, "Ann Smith", null)]),
                new(MatchRule.SameGmail, null, false, []),
            ], []),
            new("amy@corp.example", ParticipantRole.To, AddressOutcome.NotAsked, null, null, [], []),
        ],
        [Activity.Contacts[0] with { MatchedBy = MatchRule.PlusTag }],
        Activity.Deals,
        [new(Trace.EventId, MailSource.EmailEngine, true, null), new("9d1f0b2c-7d55-4e0a-8a3f-2b6c1f0e9a10", MailSource.EmailEngine, false, SkipReason.KnownMail)]);

    /// <summary>On the timeline of an account.</summary>
    public static TimelineItem AccountItem { get; } = Item with { AccountIds = ["amy"], Captures = [InMailbox], Roles = [] };

    public static EventOutcome Event { get; } = new(EventOutcomeKind.Activity, "amy", 17, null, null, Trace);
}
