using CrmMail.Processor.Consuming;

namespace CrmMail.Processor.Replay;

/// <summary>How late live events are in this Processor: the partition that is most behind counts.</summary>
internal sealed class LiveLag(Assignments assignments)
{
    public TimeSpan Largest
    {
        get
        {
            var largest = TimeSpan.Zero;
            foreach (var (_, worker) in assignments.Current)
            {
                var lag = worker.LagTime;
                largest = lag > largest ? lag : largest;
            }

            return largest;
        }
    }
}
