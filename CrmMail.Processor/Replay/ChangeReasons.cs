using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Replay;

/// <summary>The words of <c>replay_changes.reason</c>: what was not right about an activity. They outlive this program, as all stored texts do.</summary>
internal static class ChangeReasons
{
    /// <summary>There was no activity.</summary>
    public const string Missing = "missing";

    /// <summary>It was in another folder.</summary>
    public const string Folder = "folder";

    /// <summary>It belonged to another deal or company.</summary>
    public const string Route = "route";

    /// <summary>What the batch changes about a stored mail, in a fixed order; empty for nothing.</summary>
    public static string Of(Mail mail)
    {
        var reasons = new List<string>(1);
        AddIf(mail.NewContent is not null, "content");
        AddIf(mail.IsBodyChanged, "body");
        AddIf(mail.NewParticipants is not null, "participants");
        AddIf(mail.NewKeys.Count > 0, "keys");
        AddIf(mail.Links.Added.Count > 0 || mail.Links.Removed.Count > 0, "links");
        AddIf(mail.IsThreadChanged, "thread");
        AddIf(mail.Tags.IsChanged, "tags");
        AddIf(mail.IsPlaceChanged, "place");
        AddIf(mail.IsRouteChanged, Route);
        AddIf(mail.IsDeliveryChanged, "status");
        AddIf(mail.IsFolderChanged, Folder);
        return string.Join(", ", reasons);

        void AddIf(bool condition, string reason)
        {
            if (condition)
            {
                reasons.Add(reason);
            }
        }
    }
}
