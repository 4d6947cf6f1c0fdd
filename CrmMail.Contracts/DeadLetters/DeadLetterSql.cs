using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Contracts;

/// <summary>How dead letters are found, by the Api that shows them and by the Processor that takes them.</summary>
public static class DeadLetterSql
{
    /// <summary>How often a record is put back before it is withheld, unless somebody insists.</summary>
    public const int MaxRequeues = 5;

    /// <summary>The condition upon letters that may be put back without somebody insisting.</summary>
    public static readonly string IsNotWithheld = string.Create(CultureInfo.InvariantCulture, $"requeues < {MaxRequeues}");

    /// <summary>The conditions of a filter upon the table <c>dead_letters</c>, joined by "and"; the values are named parameters of the command.</summary>
    /// <returns>"true" when the filter has no condition.</returns>
    public static string Where(DeadLetterFilter filter, NpgsqlCommand command)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(command);
        var conditions = new List<string>();
        Add("id = any (@ids)", "ids", filter.Ids?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        Add("state = @state", "state", filter.State?.ToText(), NpgsqlDbType.Text);
        Add("reason = @reason", "reason", filter.Reason?.ToText(), NpgsqlDbType.Text);
        Add("account_id = @account", "account", filter.Account, NpgsqlDbType.Text);
        Add("source = @source", "source", filter.Source?.ToText(), NpgsqlDbType.Text);
        Add("event = @event", "event", filter.Event, NpgsqlDbType.Text);
        Add("fingerprint = @fingerprint", "fingerprint", filter.Fingerprint, NpgsqlDbType.Text);
        Add("failed_at >= @from", "from", filter.From?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add("failed_at < @to", "to", filter.To?.UtcDateTime, NpgsqlDbType.TimestampTz);
        return conditions.Count == 0 ? "true" : string.Join(" and ", conditions);

        void Add(string condition, string name, object? value, NpgsqlDbType type)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                command.Parameters.Add(new(name, type) { Value = value });
            }
        }
    }

    /// <summary>The conditions upon letters that a run takes: those of its filter, without the ones that are withheld.</summary>
    public static string WhereTaken(DeadLetterAction action, DeadLetterRunRequest request, NpgsqlCommand command)
    {
        ArgumentNullException.ThrowIfNull(request);
        var where = Where(request.Filter, command);
        return action == DeadLetterAction.Discard || request.Force ? where : $"{where} and {IsNotWithheld}";
    }
}
