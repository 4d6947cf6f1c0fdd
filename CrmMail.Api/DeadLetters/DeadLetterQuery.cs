using System.ComponentModel;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.DeadLetters;

/// <summary>The conditions of a list of dead letters, as they stand in its address.</summary>
internal readonly record struct DeadLetterQuery(
    [property: FromQuery(Name = "state"), Description("`open`, `requeued` or `discarded`.")] string? State,
    [property: FromQuery(Name = "reason"), Description("What is wrong with them: `decode`, `schema`, `row_rejected`, `body_missing` or `too_large`.")] string? Reason,
    [property: FromQuery(Name = "account"), Description("The account that they are about.")] string? Account,
    [property: FromQuery(Name = "source"), Description("Who told of them: `emailengine`, `mailparse` or `reconcile`.")] string? Source,
    [property: FromQuery(Name = "event"), Description("The name of their event, such as `messageNew`.")] string? Event,
    [property: FromQuery(Name = "fingerprint"), Description("Their cause: 16 hex digits.")] string? Fingerprint,
    [property: FromQuery(Name = "from"), Description("They failed at this time or later.")] DateTimeOffset? From,
    [property: FromQuery(Name = "to"), Description("They failed before this time.")] DateTimeOffset? To)
{
    /// <exception cref="ProblemException">A condition is wrong.</exception>
    public DeadLetterFilter ToFilter()
    {
        var faults = new FieldFaults();
        var filter = new DeadLetterFilter
        {
            State = Read<DeadLetterState>("state", State, faults),
            Reason = Read<DeadLetterReason>("reason", Reason, faults),
            Account = Account,
            Source = Read<MailSource>("source", Source, faults),
            Event = Event,
            Fingerprint = Fingerprint,
            From = From,
            To = To,
        };
        DeadLetterRules.Check(filter, "", faults);
        return faults.Any ? throw new ProblemException(Problem.Invalid(faults)) : filter;
    }

    private static TEnum? Read<TEnum>(string field, string? text, FieldFaults faults) where TEnum : struct, Enum
    {
        if (StableText.TryParse<TEnum>(text, out var value))
        {
            return value;
        }

        faults.AddIf(text is not null, field, $"This is one of: {string.Join(", ", Enum.GetValues<TEnum>().Select(StableText.ToText))}.");
        return null;
    }
}
