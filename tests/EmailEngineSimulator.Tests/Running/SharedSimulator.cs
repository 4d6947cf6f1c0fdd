[assembly: AssemblyFixture(typeof(EmailEngineSimulator.Tests.Running.SharedSimulator))]

namespace EmailEngineSimulator.Tests.Running;

/// <summary>One simulator for all tests that need nothing but accounts of their own.</summary>
public sealed class SharedSimulator : IAsyncLifetime
{
    private RunningSimulator? _simulator;

    internal RunningSimulator Simulator => _simulator ?? throw new InvalidOperationException("The simulator was not started.");

    public async ValueTask InitializeAsync() => _simulator = await RunningSimulator.StartAsync();

    public ValueTask DisposeAsync() => _simulator?.DisposeAsync() ?? ValueTask.CompletedTask;
}
