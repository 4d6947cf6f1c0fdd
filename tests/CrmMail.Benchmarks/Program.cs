using BenchmarkDotNet.Running;
using CrmMail.Benchmarks.Ingest;

// "load URL SECRET ..." measures a running Ingest; anything else goes to BenchmarkDotNet.
if (args is ["load", .. var options])
{
    return await WebhookLoad.RunAsync(options);
}

BenchmarkSwitcher.FromAssembly(typeof(WebhookBenchmarks).Assembly).Run(args);
return 0;
