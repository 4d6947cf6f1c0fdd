using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>What the OpenAPI document shows.</summary>
internal static class TimelineExamples
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 21, 0, 14, TimeSpan.Zero);
    private static readonly Participants People = new() { From = [new("Ann Smith", "ann@customer.example")], To = [new("Amy", "amy@corp.example")] };
    private static readonly EventTrace Trace = new(
        "6f1b0d0e-5d0b-4a3c-9a55-0a6f6b1c7e11", MailSource.EmailEngine, MailTopics.Events, 3, 4711, Time.AddSeconds(4), Time.AddSeconds(5), "0d3c6f1e5a7b4c2d9e8f7a6b5c4d3e2f");

    public static TimelineItem Item { get; } = new()
    {
        Id = 17,
        AccountIds = ["amy"],
        Direction = Direction.Incoming,
        Roles = [ParticipantRole.From],
        Subject = "Your offer",
        Snippet = "Thank you, we take it.",
        Participants = People,
        ParticipantCount = 2,
        AttachmentCount = 0,
        IsAutoReply = false,
        IsComplete = true,
        Status = null,
        StatusDetail = null,
        StatusAt = null,
        OccurredAt = Time,
        ReceivedAt = Time.AddSeconds(4),
        MessageId = "1@customer.example",
    };

    public static Activity Activity { get; } = new()
    {
        Id = 17,
        AccountId = "amy",
        Direction = Direction.Incoming,
        Subject = "Your offer",
        Snippet = "Thank you, we take it.",
        Participants = People,
        Contacts = [new(new Guid("0198d5a5-7c00-7000-8000-0242ac120002"), "Ann Smith", [ParticipantRole.From])],
        Deals = [new(new Guid("0198d5a5-7c00-7000-8000-0242ac120004"), "A hundred licences", DealReason.Contact)],
        Copies = [new(17, "amy", Direction.Incoming)],
        AttachmentCount = 0,
        IsAutoReply = false,
        IsComplete = true,
        Status = null,
        StatusDetail = null,
        StatusAt = null,
        OccurredAt = Time,
        MessageId = "1@customer.example",
        InReplyTo = null,
        Folder = "INBOX",
        Trace = Trace,
    };

    public static EventOutcome Event { get; } = new(EventOutcomeKind.Activity, "amy", 17, null, null, Trace);
}
