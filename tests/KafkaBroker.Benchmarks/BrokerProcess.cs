using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KafkaBroker.Benchmarks;

/// <summary>A broker with data of its own, gone with it.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly string _folder;

    private BrokerProcess(Process process, string folder, int port, TimeSpan startTime)
    {
        _process = process;
        _folder = folder;
        BootstrapServers = $"localhost:{port}";
        StartTime = startTime;
    }

    public string BootstrapServers { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartTime { get; }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static Task<BrokerProcess> StartOursAsync()
    {
        var folder = Directory.CreateTempSubdirectory("kafka-benchmark-").FullName;
        var port = FreePort();
        // The artifacts layout: artifacts/bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "KafkaBroker", own.Name, "kafka.dll");
        return StartAsync(new("dotnet", [program, "--data", folder, "--port", $"{port}"]), folder, port);
    }

    public static async Task<BrokerProcess> StartApacheAsync(string home)
    {
        var folder = Directory.CreateTempSubdirectory("kafka-benchmark-").FullName;
        var (port, controllerPort) = (FreePort(), FreePort());
        var properties = Path.Combine(folder, "server.properties");
        await File.WriteAllTextAsync(properties, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@localhost:{controllerPort}
            listeners=PLAINTEXT://localhost:{port},CONTROLLER://localhost:{controllerPort}
            advertised.listeners=PLAINTEXT://localhost:{port}
            inter.broker.listener.name=PLAINTEXT
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
            log.dirs={folder}/log
            offsets.topic.replication.factor=1
            group.initial.rebalance.delay.ms=0
            """);
        using (var format = Start(Java(home, "kafka-storage.sh", folder, "format", "--cluster-id", "AAAAAAAAAAAAAAAAAAAAAA", "--config", properties)))
        {
            await format.WaitForExitAsync();
        }

        return await StartAsync(Java(home, "kafka-server-start.sh", folder, properties), folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<BrokerProcess> StartAsync(ProcessStartInfo start, string folder, int port)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Start(start);
        while (!await AnswersAsync(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException($"{start.FileName} did not start.");
            }
        }

        return new(process, folder, port, Stopwatch.GetElapsedTime(started));
    }

    // ApiVersions, version 0: the cheapest request, and one that a broker answers only when it is ready.
    private static async Task<bool> AnswersAsync(int port)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        await pause.WaitForNextTickAsync();
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync((byte[])[0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0, 0]);
            return await client.GetStream().ReadAtLeastAsync(new byte[4], 4, throwOnEndOfStream: false) == 4;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ProcessStartInfo Java(string home, string script, string folder, params string[] arguments) => new(Path.Combine(home, "bin", script), arguments)
    {
        Environment = { ["KAFKA_HEAP_OPTS"] = "-Xms256m -Xmx512m", ["LOG_DIR"] = Path.Combine(folder, "server-log") },
    };

    private static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        // Nobody reads it, but a full pipe would stop the broker.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
