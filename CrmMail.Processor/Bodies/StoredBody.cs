namespace CrmMail.Processor.Bodies;

/// <summary>What is known of a body without reading it.</summary>
/// <param name="OccurredAt">When its mail was, as far as the row tells.</param>
/// <param name="Length">How many bytes are encrypted.</param>
/// <param name="Fingerprint">What tells it from others.</param>
internal sealed record StoredBody(DateTime OccurredAt, int Length, byte[] Fingerprint)
{
    /// <summary>
    /// Whether this body stands over the other one of the same mail, in whatever order the events tell them: the longer one, for a source may
    /// have cut it; of equally long ones that with the greater fingerprint.
    /// </summary>
    public bool Supersedes(StoredBody? other) =>
        other is null || Length > other.Length || (Length == other.Length && Fingerprint.AsSpan().SequenceCompareTo(other.Fingerprint) > 0);
}
