using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Writing;
using Npgsql;

namespace CrmMail.Processor.Bodies;

/// <summary>
/// Writes the bodies of a batch, in its transaction and after its activities and links. Does nothing, and asks nothing, unless one of its
/// accounts keeps bodies. One instance per worker.
/// </summary>
internal sealed class BodyStage(IBodyTable table, BodyRules rules, BodyOptions options, TimeProvider time)
{
    /// <summary>So many bytes of bodies are held in memory at a time, and a little more.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly List<OfferedBody> _offered = [];

    public async Task WriteAsync(MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (book.Bodies is not { } bodies)
        {
            return;
        }

        _offered.Clear();
        var bytes = 0;
        var keptSince = options.KeptSince(time);
        foreach (var mail in book.Mails)
        {
            if (!book.KeepsBodyOf(mail) || mail.OccurredAt < keptSince)
            {
                continue;
            }

            foreach (var item in bodies.EventsOf(mail))
            {
                bytes += await OfferAsync(mail, item, connection, cancellationToken);
            }

            if (!mail.IsNew && (mail.Links.Added.Count > 0 || mail.IsPlaceChanged))
            {
                _offered.Add(new OfferedBody(mail, null));
            }

            if (bytes >= MaxBytes)
            {
                await WriteOfferedAsync(connection, cancellationToken);
                bytes = 0;
            }
        }

        await WriteOfferedAsync(connection, cancellationToken);
    }

    /// <returns>How many bytes it holds.</returns>
    private async Task<int> OfferAsync(Mail mail, BatchItem item, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var json = item.Record.Headers.SpilledBody is { } spilled
            ? await SpilledBodies.ReadAsync(spilled, connection, cancellationToken)
            : item.Record.Kafka.Message.Value ?? [];
        if (rules.Apply(ToldBody.Read(item.Record.Headers.Source, json, rules.ReadLength)) is not { } body)
        {
            return 0;
        }

        var content = body.ToBytes();
        _offered.Add(new OfferedBody(mail, content));
        return content.Length;
    }

    private async Task WriteOfferedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_offered.Count > 0)
        {
            await table.WriteAsync(_offered, connection, cancellationToken);
            _offered.Clear();
        }
    }
}
