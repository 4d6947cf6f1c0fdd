namespace CrmMail.Ingest.Heartbeats;

internal static class HeartbeatExtensions
{
    /// <summary>Leaves a trace of the times in which events could be put into Kafka. It needs the producer and the database, and neither needs it.</summary>
    public static void AddHeartbeat(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HeartbeatTable>();
        builder.Services.AddHostedService<Heartbeat>();
    }
}
