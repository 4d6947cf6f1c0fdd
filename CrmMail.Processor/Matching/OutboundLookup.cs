using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Decoding;
using Npgsql;

namespace CrmMail.Processor.Matching;

/// <summary>The rows of <c>outbound_messages</c> behind the messageSent events of a batch.</summary>
internal sealed class OutboundLookup
{
    private readonly string _sql = SqlFile.Read("outbound_messages");
    private readonly List<byte[]> _keys = [];
    private readonly List<string> _accounts = [];
    private readonly List<string> _queueIds = [];
    private readonly Dictionary<(string AccountId, MessageKey Key), OutboundMail> _byKey = [];
    private readonly Dictionary<(string AccountId, string QueueId), OutboundMail> _byQueueId = [];

    public void Clear()
    {
        _keys.Clear();
        _accounts.Clear();
        _queueIds.Clear();
        _byKey.Clear();
        _byQueueId.Clear();
    }

    /// <summary>Asks for the mail of the event, if it is a messageSent.</summary>
    public void Add(MailEvent mailEvent)
    {
        if (mailEvent.Content is not DeliveredMail delivered)
        {
            return;
        }

        foreach (var key in delivered.Identity.Keys)
        {
            _keys.Add(key.Bytes.ToArray());
        }

        if (delivered.QueueId is not null)
        {
            _accounts.Add(mailEvent.Account.Value);
            _queueIds.Add(delivered.QueueId);
        }
    }

    public void AddTo(NpgsqlBatch batch)
    {
        if (_keys.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(_sql)
            {
                Parameters = { new() { Value = _keys }, new() { Value = _accounts }, new() { Value = _queueIds } },
            });
        }
    }

    /// <summary>Reads the result that follows the present one, if anything was asked for.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0)
        {
            return;
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var account = reader.GetString(0);
            var mail = new OutboundMail(
                reader.GetString(3), reader.GetString(4), Participants.FromJson(reader.GetString(5)), reader.IsDBNull(6) ? null : reader.GetString(6));
            if (!reader.IsDBNull(1))
            {
                _byKey[(account, MessageKey.FromBytes(reader.GetFieldValue<byte[]>(1)))] = mail;
            }

            if (!reader.IsDBNull(2))
            {
                _byQueueId[(account, reader.GetString(2))] = mail;
            }
        }
    }

    /// <summary>The content of the mail that the event reports as sent; null when it was not sent through the Api.</summary>
    public OutboundMail? Find(MailEvent mailEvent)
    {
        if (mailEvent.Content is not DeliveredMail delivered)
        {
            return null;
        }

        foreach (var key in delivered.Identity.Keys)
        {
            if (_byKey.TryGetValue((mailEvent.Account.Value, key), out var mail))
            {
                return mail;
            }
        }

        return delivered.QueueId is { } queueId && _byQueueId.TryGetValue((mailEvent.Account.Value, queueId), out var queued) ? queued : null;
    }
}
