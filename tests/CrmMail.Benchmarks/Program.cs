using BenchmarkDotNet.Running;
using CrmMail.Benchmarks.Ingest;
using CrmMail.Benchmarks.Privacy;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Threading;

// "load URL SECRET ..." measures a running Ingest, "replay POSTGRES KAFKA REDIS ..." live events and replays, "threads POSTGRES REDIS ..." what
// conversations cost, "redaction" what that of texts costs; anything else goes to BenchmarkDotNet.
if (args is ["load", .. var options])
{
    return await WebhookLoad.RunAsync(options);
}

if (args is ["replay", .. var servers])
{
    return await ReplayLoad.RunAsync(servers);
}

if (args is ["threads", .. var stores])
{
    return await ThreadLoad.RunAsync(stores);
}

if (args is ["redaction"])
{
    return RedactionLoad.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(WebhookBenchmarks).Assembly).Run(args);
return 0;
