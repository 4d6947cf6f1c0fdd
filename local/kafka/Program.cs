using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using System.Text.Json;
using KafkaBroker;
using Microsoft.Extensions.Logging;

var data = new Option<string>("--data") { Description = "Folder of all data; made if it is not there", Required = true };
var port = new Option<int>("--port") { Description = "Port; 0 takes a free one", DefaultValueFactory = _ => 9092 };
var host = new Option<string>("--host") { Description = "What clients connect to, and whose addresses are listened on", DefaultValueFactory = _ => "localhost" };
var partitions = new Option<int>("--partitions") { Description = "Partitions of a topic that is made without a number", DefaultValueFactory = _ => 12 };
var fsync = new Option<bool>("--fsync") { Description = "Acknowledge only what is on the disk: survives a loss of power, and is slower" };
var autoCreate = new Option<bool>("--auto-create-topics") { Description = "Make a topic when a client asks for one that does not exist" };
port.Validators.Add(result => Require(result, result.GetValue(port) is >= 0 and <= ushort.MaxValue, "--port is a number from 0 to 65535."));
partitions.Validators.Add(result => Require(result, result.GetValue(partitions) is >= 1 and <= 1000, "--partitions is a number from 1 to 1000."));

var command = new RootCommand("A Kafka broker for development, tests and demos on one machine.") { data, port, host, partitions, fsync, autoCreate };
command.SetAction((parsed, stopping) => RunAsync(
    new()
    {
        Data = Path.GetFullPath(parsed.GetRequiredValue(data)),
        Port = parsed.GetValue(port),
        Host = parsed.GetRequiredValue(host),
        Partitions = parsed.GetValue(partitions),
        Fsync = parsed.GetValue(fsync),
        AutoCreateTopics = parsed.GetValue(autoCreate),
    },
    stopping));
return await command.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

static async Task<int> RunAsync(BrokerOptions options, CancellationToken stopping)
{
    using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
    try
    {
        await using var broker = await Broker.StartAsync(options, TimeProvider.System, loggers, stopping);
        var survives = options.Fsync ? "on (survives a loss of power)" : "off (survives a crash of the process, not of the machine)";
        Console.WriteLine($"kafka is ready on {options.Host}:{broker.Port}, data in {options.Data}, fsync {survives}");
        await broker.Failed.WaitAsync(stopping);
        return 1;
    }
    catch (OperationCanceledException) when (stopping.IsCancellationRequested)
    {
        return 0;
    }
    catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException or InvalidDataException or FormatException or JsonException or AggregateException)
    {
        await Console.Error.WriteLineAsync($"kafka cannot run with data in {options.Data} on {options.Host}:{options.Port}: {exception.GetBaseException().Message}");
        return 1;
    }
}

static void Require(OptionResult result, bool isMet, string otherwise)
{
    if (!isMet)
    {
        result.AddError(otherwise);
    }
}
