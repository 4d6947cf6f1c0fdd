using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Accounts;

/// <summary>A mailbox, or a team address.</summary>
internal sealed record Account
{
    /// <summary>The columns that <see cref="Read"/> expects.</summary>
    public const string Columns = """
        id, name, address, state, nullif(state_since, '-infinity'), last_error, last_error_at,
        incoming_count, sent_count, skipped_count, last_event_at, created_at
        """;

    /// <summary>The account: its name in EmailEngine, or `mailparse:` and the name of the inbox.</summary>
    public required string Id { get; init; }

    /// <summary>Who tells of its mail: `emailengine` of a mailbox, `mailparse` of a team address, which nobody has to connect.</summary>
    public required MailSource Source { get; init; }

    /// <summary>Whose mailbox it is; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>Its address, as it is compared with those of mails.</summary>
    public required string? Email { get; init; }

    /// <summary>What is known of the connection.</summary>
    public required AccountState State { get; init; }

    /// <summary>Since when the state holds; null until EmailEngine reported one.</summary>
    public required DateTimeOffset? StateSince { get; init; }

    /// <summary>What the mail server said last when it refused the connection; stays when the connection is back.</summary>
    public required string? LastError { get; init; }

    /// <summary>When it said so.</summary>
    public required DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Activities of mails that came.</summary>
    public required long Incoming { get; init; }

    /// <summary>Activities of mails that were sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Events that made no activity.</summary>
    public required long Skipped { get; init; }

    /// <summary>When the last webhook about it came.</summary>
    public required DateTimeOffset? LastEventAt { get; init; }

    /// <summary>Since when the account is known here.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public static Account Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Source = MailParseAccount.Is(AccountId.Parse(row.GetString(0))) ? MailSource.MailParse : MailSource.EmailEngine,
        Name = row.GetString(1),
        Email = row.IsDBNull(2) ? null : row.GetString(2),
        State = StableText.Parse<AccountState>(row.GetString(3)),
        StateSince = Time(row, 4),
        LastError = row.IsDBNull(5) ? null : row.GetString(5),
        LastErrorAt = Time(row, 6),
        Incoming = row.GetInt64(7),
        Sent = row.GetInt64(8),
        Skipped = row.GetInt64(9),
        LastEventAt = Time(row, 10),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(11),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
