using System.Globalization;
using CrmMail.Contracts;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

/// <summary>What a real EmailEngine sent, one line each.</summary>
public sealed class RecordingTests
{
    private const string Expected = """
        01 amy accountAdded 00:02.320 init
        02 ben accountAdded 00:02.485 init
        03 amy authenticationSuccess 00:02.514 connected amy@example.com
        04 amy mailboxReset 00:02.561 mailbox-change
        05 amy mailboxNew 00:02.567 mailbox-change
        06 amy mailboxReset 00:02.569 mailbox-change
        07 amy mailboxNew 00:02.575 mailbox-change
        08 ben authenticationSuccess 00:02.583 connected ben@example.com
        09 amy accountInitialized 00:02.612 connected
        10 ben accountInitialized 00:02.655 connected
        11 amy messageNew 00:18.669 INBOX Inbox in-1@example.org 'Pricing question' 'How much?' from=bob@example.org to=amy@example.com
        12 amy messageNew 00:18.686 INBOX Inbox in-2@example.org 'Re: Proposal' 'Looks fine' re:root-1@example.com from=bob@example.org to=amy@example.com,deal-42@example.com cc=carol@example.net
        13 amy messageNew 00:18.701 INBOX Inbox in-3@example.net 'Contract' 'see attached' 2 files from=carol@example.net to=amy@example.com
        14 amy messageNew 00:18.721 INBOX Inbox in-4@example.org 'Automatic reply: Proposal' 'Out of office' auto from=bob@example.org to=amy@example.com
        15 amy messageNew 00:18.735 INBOX Inbox in-5@list.example.net 'Weekly news' 'News' list from=news@list.example.net to=list@list.example.net
        16 amy messageNew 00:18.747 INBOX no-message-id - 'no id' 'buy' from=spam@example.org to=amy@example.com
        17 amy messageNew 00:18.771 INBOX Inbox in-7@example.org '世界 Angebot – 价格' 'Grüße' from=j.mueller@xn--mller-kva.example.org to=amy+crm@example.com
        18 amy messageNew 00:23.429 Sent Sent sent-1@example.com 'From my phone' 'sent by phone client' from=amy@example.com to=bob@example.org,carol@example.net cc=dave@example.org bcc=eve@example.org
        19 amy messageNew 00:23.497 INBOX Inbox dsn-1@mx.example.com 'Undelivered Mail Returned to Sender' 'I'm sorry to have to inform you that your message could not be delivered. <nobody@example.org>: host mx.example.org said: 550 5.1.1 User unknown' auto 2 files from=MAILER-DAEMON@mx.example.com to=amy@example.com
        20 amy messageBounce 00:23.500 bounced out-bounced@example.com nobody@example.org: 550 5.1.1 User unknown
        21 amy messageNew 00:25.528 Drafts drafts draft-1@example.com 'Draft only' 'tbd' from=amy@example.com to=bob@example.org
        22 amy messageNew 00:25.548 Junk junk junk-1@example.org 'WIN' 'x' from=s@example.org to=amy@example.com
        23 amy messageNew 00:25.573 Clients Elsewhere folder-1@example.org 'Filtered to folder' 'x' from=bob@example.org to=amy@example.com
        24 amy messageNew 00:32.602 Clients Elsewhere in-1@example.org 'Pricing question' 'How much?' from=bob@example.org to=amy@example.com
        25 amy messageDeleted 00:32.621 mailbox-change
        26 amy messageSent 00:39.020 82d574fb-4298-0a8d-b716-6dc676641585@example.com 1 250 queued from=amy@example.com to=bob@example.org,carol@example.net,dave@example.org
        27 amy messageUpdated 00:39.034 mailbox-change
        28 amy messageNew 00:40.003 Sent Sent 82d574fb-4298-0a8d-b716-6dc676641585@example.com 'API proposal' 'Hi' from=amy@example.com to=bob@example.org cc=carol@example.net bcc=dave@example.org
        29 amy messageSent 00:44.961 095855d0-2cb4-50e6-ff7c-e89edec910c4@example.com 1 250 queued from=amy@example.com to=bob@example.org
        30 amy messageUpdated 00:44.971 mailbox-change
        31 amy messageSent 00:50.211 be4228b6-0cfa-575e-116d-4ccf238833df@example.com 1 250 queued from=amy@example.com to=amy@example.com
        32 amy messageNew 00:51.189 Sent Sent be4228b6-0cfa-575e-116d-4ccf238833df@example.com 'note to self' 'x' from=amy@example.com to=amy@example.com
        33 bad accountAdded 00:56.287 init
        34 bad authenticationError 00:58.315 authentication-error 2 NO [AUTHENTICATIONFAILED] Authentication failed.
        35 ben accountDeleted 01:01.289 deleted
        """;

    [Fact]
    public void Every_recording_is_understood() => Assert.Equal(Expected, string.Join('\n', Recording.All.Select(recording =>
    {
        var decoded = MailEventDecoder.Decode(recording.Body, new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        return $"{recording.Name[..2]} {decoded.Account} {decoded.Name} {decoded.At.ToString("mm:ss.fff", CultureInfo.InvariantCulture)} {Describe(decoded.Content)}".TrimEnd();
    })));

    private static string Describe(EventContent content) => content switch
    {
        SeenMail mail => $"{Place(mail)} {mail.Identity.MessageId ?? "-"} '{mail.Text.Subject}' '{mail.Text.Opening}'{Marks(mail)} {Names(mail.Participants)}",
        DeliveredMail mail => $"{mail.Identity.MessageId} {mail.Identity.Keys.Length} {mail.Response} {List("from", mail.Sender)}{List("to", mail.Recipients)}",
        FailedDelivery report => $"{report.Status.ToText()} {report.Identity.MessageId} {report.Detail}",
        AccountChange change => $"{change.State.ToText()} {change.Error}{change.Address}",
        UntrackedEvent untracked => untracked.Reason.ToText(),
        _ => "?",
    };

    private static string Place(SeenMail mail)
    {
        var (placement, skip) = FolderRules.Classify(mail.Folder, mail.Identity);
        return $"{mail.Folder.Path} {skip?.ToText() ?? placement.ToString()}";
    }

    private static string Marks(SeenMail mail) =>
        (mail.Text.IsAutoReply ? " auto" : "") + (mail.IsFromList ? " list" : "") + (mail.Text.Attachments.Count > 0 ? $" {mail.Text.Attachments.Count} files" : "")
        + (mail.Text.InReplyTo is { } parent ? $" re:{parent}" : "");

    private static string Names(Participants people) =>
        $"{List("from", people.From)}{List("to", people.To)}{List("cc", people.Cc)}{List("bcc", people.Bcc)}".TrimEnd();

    private static string List(string header, List<Mailbox> mailboxes) =>
        mailboxes.Count == 0 ? "" : $"{header}={string.Join(',', mailboxes.Select(mailbox => mailbox.Address))} ";
}
