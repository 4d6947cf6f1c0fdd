namespace CrmMail.Contracts;

/// <summary>
/// Whoever writes mails shares this lock until the transaction ends, and asks who was erased behind it. Who erases takes it while the
/// hashes of the addresses are written: so everything written before is found, and everything behind it knows the hashes.
/// </summary>
public static class ErasureLock
{
    // Any number will do, as long as it is nobody else's: "erasures" in ASCII.
    private const string Key = "x'6572617375726573'::bigint";

    /// <summary>Held beside others of this kind.</summary>
    public const string Share = $"select pg_advisory_xact_lock_shared({Key})";

    /// <summary>Held alone.</summary>
    public const string Take = $"select pg_advisory_xact_lock({Key})";
}
