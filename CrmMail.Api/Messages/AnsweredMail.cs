using CrmMail.Api.EmailEngine;
using CrmMail.Api.Timelines;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Messages;

/// <summary>The activity that a mail answers.</summary>
internal sealed class AnsweredMail
{
    private const string Find = """
        select direction, subject, message_id, in_reply_to, remote_id, participants::text
        from activities
        where id = $1
          and account_id = $2
        """;

    private string? _references;

    /// <summary>Its Message-ID, without angle brackets.</summary>
    public string? MessageId { get; private init; }

    /// <summary>The subject of an answer to it.</summary>
    public required string ReplySubject { get; init; }

    /// <summary>To whom an answer goes that names nobody.</summary>
    public required IReadOnlyList<Recipient> ReplyRecipients { get; init; }

    /// <summary>How EmailEngine finds it in the mailbox, and sets the headers of the thread and marks it as answered; null if it cannot be found there.</summary>
    public EngineReference? Reference { get; private init; }

    /// <summary>The headers of the thread, for a mail that EmailEngine does not find; null if its Message-ID is not known or no header can hold it.</summary>
    public Dictionary<string, string>? ThreadHeaders =>
        _references is null ? null : new Dictionary<string, string> { ["In-Reply-To"] = $"<{MessageId}>", ["References"] = _references };

    /// <summary>The activity; null when the account has no such activity.</summary>
    public static async Task<AnsweredMail?> FindAsync(NpgsqlDataSource database, AccountId account, long activity, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = activity });
        command.Parameters.Add(new() { Value = account.Value });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    private static AnsweredMail Read(NpgsqlDataReader row)
    {
        var isSent = row.GetString(0) == Direction.Sent.ToText();
        var subject = row.GetString(1);
        var messageId = row.IsDBNull(2) ? null : row.GetString(2);
        var parent = row.IsDBNull(3) ? null : row.GetString(3);
        return new AnsweredMail
        {
            MessageId = messageId,
            ReplySubject = subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? subject : $"Re: {subject}",
            ReplyRecipients = RecipientsOf(Participants.Parse(row.GetString(5)), isSent),
            Reference = row.IsDBNull(4) ? null : new EngineReference(row.GetString(4), "reply", messageId is null ? null : $"<{messageId}>"),
            _references = IsId(messageId) ? (IsId(parent) ? $"<{parent}> " : "") + $"<{messageId}>" : null,
        };
    }

    private static List<Recipient> RecipientsOf(Participants participants, bool isSent)
    {
        var mailboxes = isSent ? participants.To : participants.ReplyTo.Count > 0 ? participants.ReplyTo : participants.From;
        return [.. mailboxes.Where(mailbox => MailAddress.IsValid(mailbox.Address)).Select(mailbox => new Recipient(mailbox.Address, mailbox.Name))];
    }

    /// <summary>Mails come with ids of every kind; one that breaks a header is not repeated.</summary>
    private static bool IsId(string? messageId) => messageId is not null && messageId.All(character => character is > ' ' and <= '~' and not ('<' or '>'));
}
