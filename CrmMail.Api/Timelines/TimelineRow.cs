using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Timelines;

/// <summary>A row of a query of <see cref="TimelineSql"/>, by the names of its columns.</summary>
internal readonly struct TimelineRow(NpgsqlDataReader row)
{
    private static readonly JsonSerializerOptions CaptureJson = new(JsonSerializerOptions.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    public long EntryId => row.GetInt64(row.GetOrdinal("entry_id"));

    public long PlaceId => row.GetInt64(row.GetOrdinal("place_id"));

    public long ActivityId => row.GetInt64(row.GetOrdinal("activity_id"));

    public string AccountId => row.GetString(row.GetOrdinal("account_id"));

    /// <summary>The mail, whichever accounts have it; of threads alone.</summary>
    public byte[] MailKey => row.GetFieldValue<byte[]>(row.GetOrdinal("mail_key"));

    public ParticipantRole[] Roles => [.. row.GetFieldValue<string[]>(row.GetOrdinal("roles")).Select(StableText.Parse<ParticipantRole>)];

    /// <summary>Of all accounts that have the mail.</summary>
    public List<Capture> Captures =>
        [.. JsonSerializer.Deserialize<List<Capture>>(row.GetString(row.GetOrdinal("captures")), CaptureJson)!.OrderBy(capture => capture.AccountId, StringComparer.Ordinal)];

    /// <summary>Of the account alone whose timeline it is.</summary>
    public Capture OwnCapture => new(AccountId, StableText.Parse<MailSource>(row.GetString(row.GetOrdinal("source"))), Direction, ReceivedAt);

    private Direction Direction => StableText.Parse<Direction>(row.GetString(row.GetOrdinal("direction")));

    private DateTimeOffset ReceivedAt => row.GetFieldValue<DateTimeOffset>(row.GetOrdinal("received_at"));

    public TimelineItem ToItem(IReadOnlyList<Capture> captures, IReadOnlyList<ParticipantRole> roles)
    {
        var participants = Participants.Parse(row.GetString(row.GetOrdinal("participants")));
        return new TimelineItem
        {
            Id = ActivityId,
            AccountIds = [.. captures.Select(capture => capture.AccountId).Distinct()],
            Direction = Direction,
            Captures = captures,
            Roles = roles,
            Subject = row.GetString(row.GetOrdinal("subject")),
            Snippet = row.GetString(row.GetOrdinal("snippet")),
            Participants = participants.Shortened(),
            ParticipantCount = participants.Count(),
            AttachmentCount = row.GetInt32(row.GetOrdinal("attachment_count")),
            IsAutoReply = row.GetBoolean(row.GetOrdinal("is_auto_reply")),
            Tags = new MailTags(row.GetInt32(row.GetOrdinal("tags"))).ToList(),
            IsComplete = row.GetBoolean(row.GetOrdinal("is_complete")),
            Status = Text("status") is { } status ? StableText.Parse<SentStatus>(status) : null,
            StatusDetail = Text("status_detail"),
            StatusAt = row.IsDBNull(row.GetOrdinal("status_at")) ? null : row.GetFieldValue<DateTimeOffset>(row.GetOrdinal("status_at")),
            OccurredAt = row.GetFieldValue<DateTimeOffset>(row.GetOrdinal("occurred_at")),
            ReceivedAt = ReceivedAt,
            MessageId = Text("message_id"),
            ThreadId = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(row.GetOrdinal("thread_id"))),
        };
    }

    private string? Text(string column) => row.IsDBNull(row.GetOrdinal(column)) ? null : row.GetString(row.GetOrdinal(column));
}
