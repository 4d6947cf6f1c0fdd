using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.DeadLetters;

/// <summary>A record that could not be processed, and why.</summary>
internal sealed class DeadLetter
{
    private const int MaxMessageLength = 1024;
    private const int MaxHeaders = 64;
    private const int MaxPartBytes = 1024;

    private static readonly string Version = typeof(DeadLetter).Assembly.GetName().Version?.ToString(3) ?? "";

    public DeadLetter(ConsumeResult<byte[], byte[]> record, BadRecordException why, DateTime failedAt)
    {
        Record = record;
        Reason = why.Reason;
        ExceptionType = (why.InnerException ?? why).GetType().Name;
        Message = SafeText.Cut(why.Message, MaxMessageLength);
        FailedAt = failedAt;
        FirstFailedAt = EarlierFailure(record) ?? failedAt;
        Attempt = Count(record, DeadLetterHeaders.Attempt) + 1;
        Requeues = Count(record, DeadLetterHeaders.RequeueCount);
        CorrelationId = CorrelationId.TryParse(Header(MailHeaders.CorrelationId), out var correlationId) ? correlationId : null;
        Fingerprint = FingerprintOf(Reason, ExceptionType, Message);
    }

    public ConsumeResult<byte[], byte[]> Record { get; }

    public DeadLetterReason Reason { get; }

    public string ExceptionType { get; }

    /// <summary>What was wrong, nothing of the mail.</summary>
    public string Message { get; }

    /// <summary>UTC.</summary>
    public DateTime FailedAt { get; }

    /// <summary>UTC; earlier than <see cref="FailedAt"/> when the record was put back and failed again.</summary>
    public DateTime FirstFailedAt { get; }

    /// <summary>From 1.</summary>
    public int Attempt { get; }

    /// <summary>How often the record was put back before it failed this time.</summary>
    public int Requeues { get; }

    /// <summary>Null when the record has none.</summary>
    public CorrelationId? CorrelationId { get; }

    /// <summary>The same for all dead letters of one cause. Digits are positions and sizes, which differ from case to case.</summary>
    public string Fingerprint { get; }

    /// <summary>The text of a header of the record, safe for the database; null when there is none.</summary>
    public string? Header(string name) =>
        Record.Message.Headers is { } headers && headers.TryGetText(name, out var text) ? SafeText.Clean(text) : null;

    /// <summary>Key, value and headers as they were, and the headers that say why.</summary>
    public Message<byte[], byte[]> ToMessage(string group) => ToMessage(Record.Message.Key, Record.Message.Value, Headers(), group);

    /// <summary>Without the value, and without all else that is long: the record itself is still at its place.</summary>
    public Message<byte[], byte[]> ToShortMessage(string group) =>
        ToMessage(Record.Message.Key is { Length: <= MaxPartBytes } key ? key : null, null, Headers().Where(IsShort).TakeLast(MaxHeaders), group);

    private static bool IsShort(IHeader header) => header.Key.Length + (header.GetValueBytes()?.Length ?? 0) <= MaxPartBytes;

    /// <summary>The headers of the record but for those that an earlier failure left. Those that tell how it was put back stay.</summary>
    private IEnumerable<IHeader> Headers() => (Record.Message.Headers ?? []).Where(static header =>
        DeadLetterHeaders.IsKeptByFailure(header.Key) || !header.Key.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal));

    private Message<byte[], byte[]> ToMessage(byte[]? key, byte[]? value, IEnumerable<IHeader> originals, string group)
    {
        var headers = new Headers();
        foreach (var original in originals)
        {
            headers.Add(original.Key, original.GetValueBytes());
        }

        headers.AddText(DeadLetterHeaders.Reason, Reason.ToText());
        headers.AddText(DeadLetterHeaders.ExceptionType, ExceptionType);
        headers.AddText(DeadLetterHeaders.ExceptionMessage, Message);
        headers.AddText(DeadLetterHeaders.OriginalTopic, Record.Topic);
        headers.AddText(DeadLetterHeaders.OriginalPartition, Record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        headers.AddText(DeadLetterHeaders.OriginalOffset, Record.Offset.Value.ToString(CultureInfo.InvariantCulture));
        headers.AddText(DeadLetterHeaders.OriginalTimestamp, Text(Record.Message.Timestamp.UtcDateTime));
        headers.AddText(DeadLetterHeaders.OriginalGroup, group);
        headers.AddText(DeadLetterHeaders.FailedAt, Text(FailedAt));
        headers.AddText(DeadLetterHeaders.FirstFailedAt, Text(FirstFailedAt));
        headers.AddText(DeadLetterHeaders.Attempt, Attempt.ToString(CultureInfo.InvariantCulture));
        headers.AddText(DeadLetterHeaders.Fingerprint, Fingerprint);
        headers.AddText(DeadLetterHeaders.AppVersion, Version);
        return new Message<byte[], byte[]> { Key = key!, Value = value!, Headers = headers };
    }

    private static int Count(ConsumeResult<byte[], byte[]> record, string header) =>
        record.Message.Headers is { } headers
        && headers.TryGetUtf8(header, out var text)
        && int.TryParse(text, CultureInfo.InvariantCulture, out var count) ? Math.Clamp(count, 0, int.MaxValue - 1) : 0;

    private static DateTime? EarlierFailure(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Headers is { } headers
        && headers.TryGetText(DeadLetterHeaders.FirstFailedAt, out var text)
        && DateTime.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
        && time.Kind == DateTimeKind.Utc ? time : null;

    private static string FingerprintOf(DeadLetterReason reason, string exceptionType, string message)
    {
        var cause = $"{reason.ToText()}|{exceptionType}|{string.Concat(message.Where(letter => !char.IsDigit(letter)))}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)))[..16];
    }

    private static string Text(DateTime utc) => utc.ToString("O", CultureInfo.InvariantCulture);
}
