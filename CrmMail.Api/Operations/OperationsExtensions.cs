using CrmMail.Api.DeadLetters;
using CrmMail.Api.Metrics;
using CrmMail.Api.Reconciliation;
using CrmMail.Api.Replays;

namespace CrmMail.Api.Operations;

/// <summary>What operators do: dead letters, replays, comparisons of mailboxes, and the record of who asked for them.</summary>
internal static class OperationsExtensions
{
    public static void AddOperations(this IHostApplicationBuilder builder)
    {
        builder.AddReconciliation();
        builder.AddDeadLetters();
        builder.AddReplays();
        builder.AddOperationsAudit();
        builder.AddMetrics();
    }

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        routes.MapReconciliation();
        routes.MapDeadLetters();
        routes.MapReplays();
        routes.MapOperationsAudit();
        routes.MapMetrics();
    }
}
