using CrmMail.Processor.Batches;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Bodies;

/// <summary>Which events of a batch tell bodies of mails whose account keeps them.</summary>
internal sealed class BodyBook
{
    private readonly Dictionary<long, List<BatchItem>> _events = [];

    public void Add(Mail mail, BatchItem item)
    {
        if (!_events.TryGetValue(mail.Id, out var events))
        {
            _events.Add(mail.Id, events = []);
        }

        events.Add(item);
    }

    public IReadOnlyList<BatchItem> EventsOf(Mail mail) => _events.TryGetValue(mail.Id, out var events) ? events : [];
}
