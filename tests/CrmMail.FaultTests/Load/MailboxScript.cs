using System.Globalization;

namespace CrmMail.FaultTests.Load;

/// <summary>
/// The life of one mailbox, decided by a seed: mails from a contact and from strangers, mails to the contact, moves between folders, 1 %
/// events that nobody can read.
/// </summary>
internal sealed class MailboxScript(int seed, string account)
{
    public const string Contact = "customer@fault-tests.example";

    private const int RememberedMails = 50;

    private static readonly DateTime Start = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Folders = ["INBOX", "Projects", "Archive", "Later"];

    private readonly Random _random = new(seed);
    private readonly List<string> _mails = [];
    private readonly Queue<Func<Webhook>> _next = new();
    private int _events;

    public Webhook Next()
    {
        if (_next.TryDequeue(out var follows))
        {
            return follows();
        }

        return _random.NextDouble() switch
        {
            < 0.01 => Poison(),
            < 0.05 => Sent(),
            < 0.30 => Mail("stranger@x.example", isOfContact: false),
            < 0.45 when _mails.Count > 0 => Move(_mails[_random.Next(_mails.Count)]),
            _ => Mail(Contact, isOfContact: true),
        };
    }

    private Webhook Mail(string from, bool isOfContact)
    {
        var messageId = NewMessageId();
        if (isOfContact)
        {
            Remember(messageId);
        }

        return Seen(messageId, "INBOX", from, isOfContact);
    }

    /// <summary>As EmailEngine tells of a move: the mail is gone here, and new there.</summary>
    private Webhook Move(string messageId)
    {
        var folder = Folders[_random.Next(Folders.Length)];
        _next.Enqueue(() => Seen(messageId, folder, Contact, isOfContact: true));
        return New("messageDeleted", Fate.Row, null, null, $$"""  "id":"{{messageId}}","messageId":"<{{messageId}}>"  """);
    }

    private Webhook Sent()
    {
        var messageId = NewMessageId();
        var copy = () => New(
            "messageNew",
            Fate.Row,
            messageId,
            "Sent",
            $$"""  "id":"{{messageId}}","path":"Sent","messageSpecialUse":"\\Sent","messageId":"<{{messageId}}>","subject":"{{messageId}}","from":{"address":"me@x.example"},"to":[{"address":"{{Contact}}"}]  """);
        var report = () => New(
            "messageSent",
            Fate.Row,
            messageId,
            null,
            $$"""  "messageId":"<{{messageId}}>","queueId":"1","response":"250 ok","envelope":{"from":"me@x.example","to":["{{Contact}}"]}  """);
        var isReportedFirst = _random.Next(2) == 0;
        _next.Enqueue(isReportedFirst ? copy : report);
        return isReportedFirst ? report() : copy();
    }

    /// <summary>Ingest takes it, for it names account and event; nothing else about it is right.</summary>
    private Webhook Poison()
    {
        var eventId = NewEventId();
        return new(eventId, account, Fate.DeadLetter, null, null, $$"""{"account":"{{account}}","event":"messageNew","data":"none"}""");
    }

    private Webhook Seen(string messageId, string folder, string from, bool isOfContact) => New(
        "messageNew",
        Fate.Row,
        isOfContact ? messageId : null,
        folder,
        $$"""  "id":"{{messageId}}","path":"{{folder}}","messageId":"<{{messageId}}>","subject":"{{messageId}}","from":{"address":"{{from}}"}  """);

    private Webhook New(string name, Fate fate, string? messageId, string? folder, string members)
    {
        var eventId = NewEventId();
        var date = Start.AddSeconds(_events).ToString("O", CultureInfo.InvariantCulture);
        return new(eventId, account, fate, messageId, folder, $$$"""{"account":"{{{account}}}","date":"{{{date}}}","event":"{{{name}}}","data":{{{{members}}}}}""");
    }

    private void Remember(string messageId)
    {
        _mails.Add(messageId);
        if (_mails.Count > RememberedMails)
        {
            _mails.RemoveAt(0);
        }
    }

    private string NewMessageId() => string.Create(CultureInfo.InvariantCulture, $"{_events}@{account}.example");

    private string NewEventId() => string.Create(CultureInfo.InvariantCulture, $"{account}-{_events++}");
}
