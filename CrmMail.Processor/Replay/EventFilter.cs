using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Replay;

/// <summary>Which events of a range are taken: all, or those of one account, or of one kind. Told by key and headers, without reading a body.</summary>
internal sealed class EventFilter(string? account, string? eventName)
{
    private readonly byte[]? _key = account is null ? null : Encoding.UTF8.GetBytes(account);
    private readonly byte[]? _event = eventName is null ? null : Encoding.UTF8.GetBytes(eventName);

    public string? Account => account;

    public bool Takes(ConsumeResult<byte[], byte[]> record) =>
        (_key is null || record.Message.Key.AsSpan().SequenceEqual(_key))
        && (_event is null
            || (record.Message.Headers is { } headers && headers.TryGetUtf8(MailHeaders.Event, out var name) && name.SequenceEqual(_event)));
}
