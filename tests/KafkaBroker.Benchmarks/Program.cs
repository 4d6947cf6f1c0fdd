using System.Globalization;
using KafkaBroker.Benchmarks;

// Compares the broker of this repository with Apache Kafka: dotnet run --project tests/KafkaBroker.Benchmarks [rounds] [records]
// KAFKA_HOME names the Apache Kafka. The two take turns, so that whatever else the machine does hits both.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var records = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 500_000;
if (Environment.GetEnvironmentVariable("KAFKA_HOME") is not { Length: > 0 } home)
{
    await Console.Error.WriteLineAsync("KAFKA_HOME is not set: there is nothing to compare with.");
    return 1;
}

Console.WriteLine($"{rounds} rounds, {records:N0} records of {Workload.RecordSize} bytes, {Workload.Partitions} partitions, acks=all; each round both brokers, fresh data");
List<Measured> ours = [], apache = [];
for (var round = 1; round <= rounds; round++)
{
    // Who goes second finds the machine as the first one left it.
    if (round % 2 == 1)
    {
        ours.Add(await MeasureAsync("local/kafka", BrokerProcess.StartOursAsync));
        apache.Add(await MeasureAsync("Apache", () => BrokerProcess.StartApacheAsync(home)));
    }
    else
    {
        apache.Add(await MeasureAsync("Apache", () => BrokerProcess.StartApacheAsync(home)));
        ours.Add(await MeasureAsync("local/kafka", BrokerProcess.StartOursAsync));
    }
}

Report.Print(ours, apache);
return 0;

async Task<Measured> MeasureAsync(string name, Func<Task<BrokerProcess>> start)
{
    await using var broker = await start();
    var measured = await Workload.RunAsync(broker, records);
    Console.WriteLine($"{name,-12} {measured}");
    return measured;
}
