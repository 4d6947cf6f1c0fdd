namespace CrmMail.FaultTests.Load;

/// <summary>What has to become of an event.</summary>
internal enum Fate
{
    /// <summary>A row: an activity, or a skip with its reason.</summary>
    Row,

    /// <summary>A dead letter, for nobody can read it.</summary>
    DeadLetter,
}

/// <summary>One event as EmailEngine sends it.</summary>
/// <param name="EventId">Unique.</param>
/// <param name="Account">Whose.</param>
/// <param name="Fate">What has to become of it.</param>
/// <param name="MessageId">The mail that must be an activity because of it; null when it need not.</param>
/// <param name="Folder">Where the mail is from then on; null when the event does not tell.</param>
/// <param name="Body">JSON.</param>
internal sealed record Webhook(string EventId, string Account, Fate Fate, string? MessageId, string? Folder, string Body);
