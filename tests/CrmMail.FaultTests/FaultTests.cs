using CrmMail.FaultTests.Faults;
using CrmMail.FaultTests.Invariants;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CrmMail.FaultTests;

/// <summary>Exactly once, whatever is killed, whenever (R1 to R6).</summary>
public sealed class FaultTests
{
    private static readonly FaultSettings Settings = FaultSettings.FromEnvironment();

    [Fact]
    public async Task Whatever_is_killed_whenever_no_event_is_lost_and_none_is_there_twice()
    {
        var report = await new FaultRun(Settings).ExecuteAsync(FaultSchedule.Of(Settings.Seed));

        TestContext.Current.SendDiagnosticMessage(report.Summary);
        Assert.True(report.Violations.Count == 0, report.ToString());
        report.Folder.Delete(recursive: true);
    }

    /// <summary>Would the test above notice? A claim that lets an unwritten event be skipped must make it fail.</summary>
    [Fact]
    public async Task A_claim_that_lets_an_unwritten_event_be_skipped_loses_events_and_is_found_out()
    {
        var naive = new NaiveProcessorProject();
        var report = await new FaultRun(Settings with { Duration = TimeSpan.FromMinutes(1) }, naive).ExecuteAsync(FaultSchedule.Of(FaultKind.KillProcessorInBatch, 2, Settings.Seed));

        TestContext.Current.SendDiagnosticMessage(report.Summary);
        Assert.True(report.Of(Invariant.NothingIsLost).Any() && !report.Of(Invariant.RunComesToItsEnd).Any(), report.ToString());
        report.Folder.Delete(recursive: true);
    }

    private sealed class NaiveProcessorProject : IProjectMetadata
    {
        private static readonly string AppHost = Path.GetDirectoryName(new Projects.CrmMail_AppHost().ProjectPath)!;

        public string ProjectPath { get; } = Path.GetFullPath(Path.Combine(AppHost, "..", "tests", "CrmMail.NaiveProcessor", "CrmMail.NaiveProcessor.csproj"));
    }
}
