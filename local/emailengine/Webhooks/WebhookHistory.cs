namespace EmailEngineSimulator.Webhooks;

/// <summary>The last 2,000 webhooks, for the control page.</summary>
internal sealed class WebhookHistory
{
    private const int Capacity = 2000;
    private readonly Lock _gate = new();
    private readonly Queue<Webhook> _webhooks = new(Capacity);

    public void Add(Webhook webhook)
    {
        lock (_gate)
        {
            if (_webhooks.Count == Capacity)
            {
                _webhooks.Dequeue();
            }

            _webhooks.Enqueue(webhook);
        }
    }

    public IReadOnlyList<Webhook> Last(int count)
    {
        lock (_gate)
        {
            return [.. _webhooks.Reverse().Take(count)];
        }
    }

    public int Count(WebhookState state)
    {
        lock (_gate)
        {
            return _webhooks.Count(webhook => webhook.Progress.State == state);
        }
    }

    public Webhook? Find(long id)
    {
        lock (_gate)
        {
            return _webhooks.FirstOrDefault(webhook => webhook.Id == id);
        }
    }
}
