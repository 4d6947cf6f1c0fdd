namespace CrmMail.SystemTests.Reconciliation;

/// <summary>One more Api beside that of the AppHost, with a database of the test's choice, which compares mailboxes at once.</summary>
internal static class ReconcilingApi
{
    public static Task<ServiceProcess> StartAsync(RunningApplication system, string database, params (string Key, string Value)[] settings) =>
        ServiceProcess.StartAsync(
            system,
            "CrmMail.Api",
            ["kafka", "emailengine"],
            [
                ("ConnectionStrings__crm", database),
                ("Erasure__Keys__0", "a-key-of-the-tests"),
                ("Reconciliation__ScanInterval", "00:00:00.2"),
                ("Reconciliation__SettleTime", "00:00:00"),
                ("Reconciliation__RequestsPerSecond", "200"),
                .. settings,
            ]);
}
