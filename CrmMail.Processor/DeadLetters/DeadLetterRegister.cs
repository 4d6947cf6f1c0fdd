using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.DeadLetters;

/// <summary>The table of the dead letters, which is asked where Kafka is not: it names them and tells why, and holds nothing of the mail.</summary>
internal sealed class DeadLetterRegister(NpgsqlDataSource database)
{
    private const int MaxEventLength = 256;

    private readonly string _insert = SqlFile.Read("insert_dead_letter");

    /// <param name="letter">The dead letter.</param>
    /// <param name="place">Where the broker has put it.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>How many rows were written: none when the record is known as a dead letter.</returns>
    public async Task<int> AddAsync(DeadLetter letter, TopicPartitionOffset place, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(_insert);
        command.Parameters.Add(Text(AccountOf(letter)));
        command.Parameters.Add(Text(StableText.TryParse<MailSource>(letter.Header(MailHeaders.Source), out var source) ? source.ToText() : null));
        command.Parameters.Add(Text(Contracts.EventId.TryParse(letter.Header(MailHeaders.EventId), out var eventId) ? eventId.Value : null));
        command.Parameters.Add(Text(letter.Header(MailHeaders.Event) is { } name ? SafeText.Cut(name, MaxEventLength) : null));
        command.Parameters.Add(Text(letter.CorrelationId?.Value));
        command.Parameters.Add(Text(letter.Reason.ToText()));
        command.Parameters.Add(Text(letter.Message));
        command.Parameters.Add(Text(letter.Fingerprint));
        command.Parameters.Add(Text(letter.Record.Topic));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = letter.Record.Partition.Value });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = letter.Record.Offset.Value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = place.Partition.Value });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = place.Offset.Value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = letter.Attempt });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = letter.FirstFailedAt });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = letter.FailedAt });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = letter.Requeues });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether the record at this place is a dead letter already, in whatever state.</summary>
    public async Task<bool> IsKnownAsync(TopicPartitionOffset place, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""select from dead_letters where topic = $1 and partition = $2 and "offset" = $3""");
        command.Parameters.Add(Text(place.Topic));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = place.Partition.Value });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = place.Offset.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    /// <summary>The key of the record, which Ingest has read out of the body.</summary>
    private static string? AccountOf(DeadLetter letter) =>
        letter.Record.Message.Key is { } key && AccountId.TryParse(Encoding.UTF8.GetString(key), out var account) ? account.Value : null;

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
