using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Threading;

namespace CrmMail.Processor.Decoding;

/// <summary>Turns the body of a webhook into a <see cref="MailEvent"/>.</summary>
internal static class MailEventDecoder
{
    private const int MaxDetailLength = 2000;
    private const int MaxLoginLength = 320; // RFC 5321: 64 of the local part, 255 of the domain

    private static readonly MailTags ByMachine = default(MailTags).With(MailTag.AutoReply).With(MailTag.Bounce);

    /// <summary>Reads the JSON of one source.</summary>
    internal delegate WebhookData BodyReader(ReadOnlySpan<byte> body);

    /// <exception cref="BadRecordException">The body says nothing that could be processed, now or later.</exception>
    public static MailEvent Decode(ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        var webhook = Read(body, WebhookReader.Read);
        if (!AccountId.TryParse(webhook.Account, out var account))
        {
            throw new BadRecordException(DeadLetterReason.Schema, "\"account\" is missing or no account id.");
        }

        if (MailParseAccount.Is(account))
        {
            throw new BadRecordException(DeadLetterReason.Schema, "\"account\" is an inbox of MailParse, which EmailEngine does not have.");
        }

        if (string.IsNullOrWhiteSpace(webhook.Event))
        {
            throw new BadRecordException(DeadLetterReason.Schema, "\"event\" is missing.");
        }

        var at = MailDates.OrReceived(webhook.EventDate, receivedAt);
        return new MailEvent(account, webhook.Event, at, Content(webhook, account, receivedAt));
    }

    /// <summary>Reads a body, and tells what is wrong with its JSON as the fault of the record.</summary>
    internal static WebhookData Read(ReadOnlySpan<byte> body, BodyReader read)
    {
        try
        {
            return read(body);
        }
        catch (JsonException json)
        {
            throw new BadRecordException(DeadLetterReason.Decode, $"The body is no JSON that can be read (line {json.LineNumber}, byte {json.BytePositionInLine}).", json);
        }
        catch (InvalidOperationException text)
        {
            throw new BadRecordException(DeadLetterReason.Decode, "The name of a member is no valid text.", text);
        }
    }

    private static EventContent Content(WebhookData webhook, AccountId account, DateTimeOffset receivedAt) => webhook.Event switch
    {
        "messageNew" => Seen(webhook, account, receivedAt),
        "messageSent" => Delivered(webhook, account),
        "messageBounce" => Bounced(webhook, account),
        "messageFailed" => Failed(webhook, account, SentStatus.Failed),
        "messageDeliveryError" => Failed(webhook, account, SentStatus.Queued),
        "accountAdded" => new AccountChange(AccountState.Init, null, null),
        "accountInitialized" => new AccountChange(AccountState.Connected, null, null),
        "authenticationSuccess" => new AccountChange(AccountState.Connected, null, AddressOf(webhook.User)),
        "authenticationError" => new AccountChange(AccountState.AuthenticationError, ErrorOf(webhook), null),
        "connectError" => new AccountChange(AccountState.ConnectError, ErrorOf(webhook), null),
        "accountDeleted" => new AccountChange(AccountState.Deleted, null, null),
        "messageDeleted" or "messageUpdated" or "messageMissing" or "mailboxNew" or "mailboxReset" or "mailboxDeleted" =>
            new UntrackedEvent(SkipReason.MailboxChange),
        "messageComplaint" or "trackOpen" or "trackClick" or "listUnsubscribe" or "listSubscribe" or "exportCompleted" or "exportFailed" =>
            new UntrackedEvent(SkipReason.NotTracked),
        _ => new UntrackedEvent(SkipReason.UnknownEvent),
    };

    /// <summary>The mail that was seen in a folder of the account, or by a source that has none.</summary>
    internal static SeenMail Seen(WebhookData mail, AccountId account, DateTimeOffset receivedAt)
    {
        if (!mail.HasData)
        {
            throw new BadRecordException(DeadLetterReason.Schema, "\"data\" is missing or no object.");
        }

        var identity = IdentityOf(mail, account);
        TakeAuthors(mail);
        var filters = FilterTable.Embedded.Match(MailSignsOf(mail));
        return new SeenMail(
            identity,
            new MailFolder(mail.Id, mail.Path, mail.MessageSpecialUse ?? mail.SpecialUse, mail.Labels, mail.IsDraft),
            MailDates.OrReceived(mail.MailDate, receivedAt),
            TextOf(mail, identity, filters.Tags),
            mail.Participants,
            MailboxText.AddressIn(mail.OriginalFrom),
            mail.HasListHeader)
        {
            Thread = new ThreadHeaders(mail.References, mail.InReplyTo),
            Filters = filters,
        };
    }

    /// <summary>
    /// All authors of the From header where that can be read, since EmailEngine tells the first one and mail servers take
    /// <c>Buyer, Bob &lt;bob@example.org&gt;</c> for two; else what EmailEngine says, else the Sender.
    /// </summary>
    private static void TakeAuthors(WebhookData mail)
    {
        var from = mail.Participants.From;
        if (mail.FromHeaders is [var header] && from is [var author] && IsOnlyAddressIn(header, author.Address))
        {
            return;
        }

        var authors = new List<Mailbox>();
        foreach (var line in mail.FromHeaders)
        {
            foreach (var address in AddressHeader.AddressesIn(line))
            {
                authors.Add(new Mailbox(NameOf(address, from), address));
            }
        }

        if (authors.Count > 0)
        {
            from.Clear();
            from.AddRange(authors);
        }
        else if (from.Count == 0)
        {
            from.AddRange(mail.Sender);
        }
    }

    /// <summary>True of nearly every mail, and then there is nothing to take apart.</summary>
    private static bool IsOnlyAddressIn(string header, string address) =>
        address.Length > 0 && header.AsSpan().Count('@') == 1 && header.Contains(address, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string address, List<Mailbox> mailboxes) =>
        mailboxes.Find(mailbox => mailbox.Address.Equals(address, StringComparison.OrdinalIgnoreCase))?.Name ?? "";

    private static MailText TextOf(WebhookData mail, MailIdentity identity, MailTags tags)
    {
        var inReplyTo = MessageKey.Canonical(MessageIds.FirstIn(mail.InReplyTo));
        var root = MessageIds.FirstIn(mail.References) ?? inReplyTo;
        var threadKey = MessageKey.TryFromMessageId(root, out var rootKey) ? rootKey : identity.IsEmpty ? null : identity.Keys[0];
        return new MailText(
            mail.Subject ?? "", OpeningOf(mail), mail.Attachments, tags.Overlaps(ByMachine), inReplyTo, threadKey);
    }

    /// <summary>All that the mail tells the filters: what was seen while it was read, and what is clear only now.</summary>
    private static MailSigns MailSignsOf(WebhookData mail)
    {
        var signs = mail.Signs;
        if (mail.Participants.From is [var author, ..])
        {
            Add(MailField.Sender, author.Address.AsSpan(0, Math.Max(0, author.Address.LastIndexOf('@'))));
        }

        Add(MailField.IsBounce, mail.IsBounce ? "true" : "");
        Add(MailField.IsAutoReply, mail.IsAutoReply ? "true" : "");
        Add(MailField.SpamFlag, mail.IsSpam ? "true" : "");
        Add(MailField.AuthSpf, mail.Spf);
        Add(MailField.AuthDkim, mail.Dkim);
        return signs;

        void Add(MailField field, ReadOnlySpan<char> text) =>
            signs = text.IsEmpty ? signs : signs.With(FilterTable.Embedded.SignsInField(field, text));
    }

    private static string OpeningOf(WebhookData mail) => mail.PlainOpening is { Length: > 0 } opening ? opening : Snippet.Opening(null, mail.Html);

    private static DeliveredMail Delivered(WebhookData webhook, AccountId account) =>
        new(IdentityOf(webhook, account), webhook.QueueId, Detail(webhook.Response), webhook.EnvelopeFrom, webhook.EnvelopeTo);

    /// <summary>Reports of a delay, a relay or a delivery come as bounces too where they are not in the form of RFC 3464.</summary>
    private static EventContent Bounced(WebhookData webhook, AccountId account) =>
        webhook.Action is null || webhook.Action.StartsWith("failed", StringComparison.OrdinalIgnoreCase)
            ? Failed(webhook, account, SentStatus.Bounced)
            : new UntrackedEvent(SkipReason.NotTracked);

    private static FailedDelivery Failed(WebhookData webhook, AccountId account, SentStatus status)
    {
        var said = webhook.Response ?? webhook.Error;
        var detail = webhook.Recipient is null ? said : $"{webhook.Recipient}: {said}";
        return new FailedDelivery(IdentityOf(webhook, account), status, Detail(detail));
    }

    private static MailIdentity IdentityOf(WebhookData webhook, AccountId account) =>
        MailIdentity.Of(account, webhook.MessageId, webhook.OriginalMessageId, webhook.EmailId);

    private static string? ErrorOf(WebhookData webhook) => Detail(webhook.Response ?? webhook.Error);

    private static string? Detail(string? text) => text is null ? null : SafeText.Cut(text, MaxDetailLength);

    /// <summary>A login is an address only if it looks like one: <c>DOMAIN\ann</c> does not.</summary>
    private static EmailAddress? AddressOf(string? login) =>
        login is { Length: <= MaxLoginLength } && login.IndexOf('@', StringComparison.Ordinal) > 0 && EmailAddress.TryParse(login, out var address)
            ? address
            : null;
}
