using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Migrator;

/// <summary>What an operator has to know of a failure, in one line: the cause and the cure.</summary>
internal static class ServerError
{
    /// <summary>Whether the server may only need more time to start.</summary>
    public static bool IsNotUpYet(Exception exception) => exception switch
    {
        // The database itself may be about to be created.
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => true,
        NpgsqlException { IsTransient: true } => true,
        KafkaException kafka => CauseOf(kafka).Code is ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve
            or ErrorCode.Local_TimedOut or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable or ErrorCode.LeaderNotAvailable or ErrorCode.NotController,
        _ => false,
    };

    /// <summary>The line for a failure that has a known cause; null for all others.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [_, _, ..] several } => string.Join(" ", several.Select(one => Describe(one) ?? one.Message)),
        OptionsValidationException options => string.Join(" ", options.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException } setting => setting.Message,
        SchemaException schema => schema.Message,
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } postgres => $"{postgres.MessageText}. Create it, or correct ConnectionStrings:crm.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } postgres =>
            $"PostgreSQL refuses the login: {postgres.MessageText}. Correct user and password in ConnectionStrings:crm.",
        PostgresException postgres => $"PostgreSQL refuses: {postgres.MessageText} (SQLSTATE {postgres.SqlState}). The user of ConnectionStrings:crm has to own the database.",
        NpgsqlException npgsql => $"PostgreSQL cannot be reached: {npgsql.Message}. Start it, or correct ConnectionStrings:crm.",
        KafkaException kafka when IsNotUpYet(kafka) => $"Kafka cannot be reached: {CauseOf(kafka).Reason}. Start it, or correct ConnectionStrings:kafka.",
        KafkaException kafka => $"Kafka refuses: {CauseOf(kafka).Reason}. Correct the section Topics, or the rights given by Kafka:Admin.",
        _ => null,
    };

    private static Error CauseOf(KafkaException exception) => exception switch
    {
        CreateTopicsException create => create.Results[0].Error,
        DescribeTopicsException describe => describe.Results.TopicDescriptions[0].Error,
        DescribeConfigsException describe => describe.Results[0].Error,
        _ => exception.Error,
    };
}
