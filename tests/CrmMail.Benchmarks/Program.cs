using BenchmarkDotNet.Running;
using CrmMail.Benchmarks.Ingest;
using CrmMail.Benchmarks.Privacy;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Suite;
using CrmMail.Benchmarks.Threading;

// "bench ..." is what ./bench runs, and "bare-endpoint" a server for it. "load URL SECRET ..." measures a running Ingest, "replay POSTGRES KAFKA
// REDIS ..." live events and replays, "threads POSTGRES REDIS ..." what conversations cost, "ledger POSTGRES KAFKA REDIS ..." how soon past mail is
// linked, "redaction" and "bodies" what redacting texts and encrypting bodies costs. Anything else goes to BenchmarkDotNet.
if (args is ["bench", .. var wanted])
{
    return await BenchRun.RunAsync(wanted);
}

if (args is ["bare-endpoint"])
{
    return await BareEndpoint.RunAsync();
}

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

if (args is ["ledger", .. var places])
{
    return await LedgerLoad.RunAsync(places);
}

if (args is ["redaction"])
{
    return RedactionLoad.Run();
}

if (args is ["bodies"])
{
    return BodyLoad.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(WebhookBenchmarks).Assembly).Run(args);
return 0;
