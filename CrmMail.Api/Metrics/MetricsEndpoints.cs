using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.Metrics;

internal static class MetricsEndpoints
{
    /// <summary>The longest time span: its rows are read for every answer.</summary>
    public static readonly TimeSpan LongestRange = TimeSpan.FromDays(31);

    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(1);

    private static readonly PipelineMetrics Example = new(
        new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero),
        new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero),
        Share.Of(1997, 2000),
        Share.Of(2010, 2010),
        new Latency(0.21, 0.9, 1998, null),
        new Failures(0.2, 2, 10_000, [new(DeadLetterReason.Schema, 0.2, 2)], null),
        Share.Of(2010, 2680),
        Share.Of(98, 99));

    public static void AddMetrics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PipelineReader>();
        builder.Services.AddHostedService<PipelineGauges>();
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/metrics").WithTags("Operations").RequireScope(ApiScope.Ops)
        .MapGet("/pipeline", ReadAsync).AnswersExample(Example);

    /// <summary>How well mail becomes activities</summary>
    /// <remarks>Of the mails and events of a time span of at most 31 days. A figure that cannot be known is null, with the reason in `unknown`.</remarks>
    internal static async Task<Results<Ok<PipelineMetrics>, Problem>> ReadAsync(
        [Description("The beginning: a day before `to` if not given.")] DateTimeOffset? from,
        [Description("The end, which is not in it: now if not given.")] DateTimeOffset? to,
        PipelineReader metrics,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = to ?? now;
        var begin = from ?? (end - DateTimeOffset.MinValue > DefaultRange ? end - DefaultRange : DateTimeOffset.MinValue);
        var faults = new FieldFaults()
            .AddIf(end > now, "to", "The end is not in the future.")
            .AddIf(begin >= end, "from", "The beginning is earlier than the end.")
            .AddIf(end - begin > LongestRange, "from", $"A time span has at most {LongestRange.TotalDays:f0} days.");
        return faults.Any ? Problem.Invalid(faults) : TypedResults.Ok(await metrics.ReadAsync(begin, end, cancellationToken));
    }
}
