namespace KafkaBroker.Groups;

/// <summary>A consumer in a group.</summary>
internal sealed class Member
{
    private TaskCompletionSource<JoinResult>? _joining;
    private TaskCompletionSource<SyncResult>? _syncing;

    /// <param name="id">Its member id.</param>
    /// <param name="request">What it joined with.</param>
    public Member(string id, JoinRequest request)
    {
        Id = id;
        Request = request;
    }

    public string Id { get; }

    /// <summary>What it joined with last.</summary>
    public JoinRequest Request { get; set; }

    public string? InstanceId => Request.InstanceId;

    /// <summary>Its partitions, in the leader's words.</summary>
    public byte[] Assignment { get; set; } = [];

    /// <summary>When it gave its last sign of life.</summary>
    public TimeSpan LastSeen { get; set; }

    /// <summary>Whether it has asked for its partitions in this generation.</summary>
    public bool HasSynced { get; private set; }

    /// <summary>Whether it waits for the others to join.</summary>
    public bool IsJoining => _joining is not null;

    /// <summary>Whether it waits for an answer, and so cannot be expected to give signs of life.</summary>
    public bool IsWaiting => _joining is not null || _syncing is not null;

    /// <summary>The metadata for a protocol; empty when it does not know it.</summary>
    public byte[] MetadataFor(string protocol) => Request.Protocols.FirstOrDefault(known => known.Name == protocol)?.Metadata ?? [];

    /// <summary>Whether it rejoins with what it brought before.</summary>
    public bool Brought(IReadOnlyList<GroupProtocol> protocols) =>
        protocols.Count == Request.Protocols.Count
        && protocols.Zip(Request.Protocols).All(pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));

    /// <summary>Has it wait for the others. A request that waited before is answered with the error.</summary>
    public Task<JoinResult> WaitForJoin()
    {
        CompleteJoin(JoinResult.Failed(Protocol.ErrorCode.RebalanceInProgress, Id));
        HasSynced = false;
        _joining = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _joining.Task;
    }

    public void CompleteJoin(JoinResult result)
    {
        _joining?.SetResult(result);
        _joining = null;
    }

    /// <summary>Has it wait for the leader.</summary>
    public Task<SyncResult> WaitForSync()
    {
        CompleteSync(SyncResult.Failed(Protocol.ErrorCode.RebalanceInProgress));
        HasSynced = true;
        _syncing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _syncing.Task;
    }

    public void CompleteSync(SyncResult result)
    {
        _syncing?.SetResult(result);
        _syncing = null;
    }

    /// <summary>Forgets that it asked for partitions, when a new generation begins.</summary>
    public void BeginGeneration(TimeSpan now)
    {
        HasSynced = false;
        Assignment = [];
        LastSeen = now;
    }
}
