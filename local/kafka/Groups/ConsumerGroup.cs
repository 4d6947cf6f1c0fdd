using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>
/// One group and its rebalances, as Kafka's classic protocol has them: everybody joins, the leader divides, everybody is told. Every method is one step under
/// the group's lock; where a consumer has to wait for others, it gets a task.
/// </summary>
internal sealed partial class ConsumerGroup
{
    /// <summary>More would not fit the answer that the leader gets.</summary>
    private const int MaxMembers = 1000;

    private readonly Lock _gate = new();
    private readonly GroupContext _context;
    private readonly Dictionary<string, Member> _members = [];
    private readonly Dictionary<string, TimeSpan> _invited = [];
    private string _protocolType = "";
    private string _protocol = "";
    private string _leader = "";
    private int _generation;
    private TimeSpan _deadline;
    private TimeSpan _emptySince;

    /// <param name="id">Its name.</param>
    /// <param name="context">What groups share.</param>
    public ConsumerGroup(string id, GroupContext context)
    {
        Id = id;
        _context = context;
        _emptySince = context.Now;
    }

    public string Id { get; }

    public GroupState State { get; private set; } = GroupState.Empty;

    /// <summary>Makes a consumer a member, or lets a member rejoin.</summary>
    /// <returns>Completes when all have joined; null when the group is gone, and another of its name is to be asked.</returns>
    public Task<JoinResult>? Join(JoinRequest request)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
            {
                return null;
            }

            if (!Suits(request))
            {
                return Refuse(ErrorCode.InconsistentGroupProtocol);
            }

            return request.MemberId.Length == 0 ? JoinAnew(request)
                : _invited.Remove(request.MemberId) ? Add(request.MemberId, request)
                : FindMember(request.MemberId, request.InstanceId, out var member) is var error and not ErrorCode.None ? Refuse(error)
                : Rejoin(member!, request);
        }

        Task<JoinResult> Refuse(ErrorCode error) => Task.FromResult(JoinResult.Failed(error, request.MemberId));
    }

    /// <summary>Asks for a member's partitions, and brings everybody's when the member is the leader.</summary>
    /// <param name="memberId">Its member id.</param>
    /// <param name="instanceId">Its own name, if it is static.</param>
    /// <param name="generation">The generation that it knows.</param>
    /// <param name="assignments">By member id.</param>
    public Task<SyncResult> Sync(string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments)
    {
        lock (_gate)
        {
            if (Check(memberId, instanceId, generation, out var member) is var error and not ErrorCode.None)
            {
                return Task.FromResult(SyncResult.Failed(error));
            }

            member!.LastSeen = _context.Now;
            switch (State)
            {
                case GroupState.PreparingRebalance:
                    return Task.FromResult(SyncResult.Failed(ErrorCode.RebalanceInProgress));
                case GroupState.Stable:
                    return Task.FromResult(new SyncResult(ErrorCode.None, member.Assignment));
            }

            var waiting = member.WaitForSync();
            if (memberId == _leader)
            {
                CompleteGeneration(assignments);
            }

            return waiting;
        }
    }

    /// <summary>A sign of life.</summary>
    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation)
    {
        lock (_gate)
        {
            if (Check(memberId, instanceId, generation, out var member) is var error and not ErrorCode.None)
            {
                return error;
            }

            member!.LastSeen = _context.Now;
            return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    /// <summary>Removes a member at its own or at an operator's wish.</summary>
    /// <param name="memberId">Its member id; may be empty for a static one.</param>
    /// <param name="instanceId">Its own name, if it is static.</param>
    public ErrorCode Leave(string memberId, string? instanceId)
    {
        lock (_gate)
        {
            if (_invited.Remove(memberId))
            {
                TryCompleteJoin();
                return ErrorCode.None;
            }

            var member = memberId.Length == 0 && instanceId is not null ? FindStatic(instanceId) : null;
            if (member is null && FindMember(memberId, instanceId, out member) is var error and not ErrorCode.None)
            {
                return error;
            }

            Remove(member!);
            return ErrorCode.None;
        }
    }

    /// <summary>Removes who gave no sign of life or did not rejoin in time. Called every now and then.</summary>
    /// <returns>Whether the group is gone.</returns>
    public bool Tick()
    {
        lock (_gate)
        {
            var now = _context.Now;
            foreach (var invited in _invited.Where(invited => invited.Value <= now).Select(invited => invited.Key).ToList())
            {
                _invited.Remove(invited);
                TryCompleteJoin();
            }

            foreach (var silent in _members.Values.Where(member => !member.IsWaiting && now - member.LastSeen > member.Request.SessionTimeout).ToList())
            {
                Remove(silent);
            }

            if (State == GroupState.PreparingRebalance && _deadline <= now)
            {
                CompleteJoin();
            }
            else if (State == GroupState.CompletingRebalance && _deadline <= now)
            {
                RemoveUnsynced();
            }

            return DieWhenEmpty();
        }
    }

    /// <summary>What there is to see of the group.</summary>
    public GroupDescription Describe()
    {
        lock (_gate)
        {
            var hasProtocol = State is GroupState.Stable or GroupState.CompletingRebalance;
            return new(Id, State, _protocolType, hasProtocol ? _protocol : "",
            [
                .. _members.Values.Select(member => new DescribedMember(member.Id, member.InstanceId, member.Request.ClientId, member.Request.ClientHost,
                    hasProtocol ? member.MetadataFor(_protocol) : [], member.Assignment)),
            ]);
        }
    }

    private Task<JoinResult> JoinAnew(JoinRequest request)
    {
        if (request.InstanceId is { } instance && FindStatic(instance) is { } previous)
        {
            return Replace(previous, request);
        }

        if (_members.Count + _invited.Count >= MaxMembers)
        {
            return Task.FromResult(JoinResult.Failed(ErrorCode.GroupMaxSizeReached, ""));
        }

        var id = NewMemberId(request);
        if (request.AsksForMemberId && request.InstanceId is null)
        {
            _invited[id] = _context.Now + request.SessionTimeout;
            return Task.FromResult(JoinResult.Failed(ErrorCode.MemberIdRequired, id));
        }

        return Add(id, request);
    }

    private Task<JoinResult> Add(string id, JoinRequest request)
    {
        var member = new Member(id, request) { LastSeen = _context.Now };
        _members.Add(id, member);
        if (_members.Count == 1)
        {
            _protocolType = request.ProtocolType;
        }

        var waiting = member.WaitForJoin();
        Rebalance();
        return waiting;
    }

    private Task<JoinResult> Rejoin(Member member, JoinRequest request)
    {
        member.LastSeen = _context.Now;
        var isUnchanged = member.Brought(request.Protocols);
        if (isUnchanged && (State == GroupState.CompletingRebalance || (State == GroupState.Stable && member.Id != _leader)))
        {
            return Task.FromResult(Joined(member));
        }

        member.Request = request;
        var waiting = member.WaitForJoin();
        Rebalance();
        return waiting;
    }

    // A static member that was restarted takes the place of its former self, in a stable group without anybody noticing.
    private Task<JoinResult> Replace(Member previous, JoinRequest request)
    {
        var leaderBefore = _leader;
        _members.Remove(previous.Id);
        previous.CompleteJoin(JoinResult.Failed(ErrorCode.FencedInstanceId, previous.Id));
        previous.CompleteSync(SyncResult.Failed(ErrorCode.FencedInstanceId));

        var member = new Member(NewMemberId(request), request) { LastSeen = _context.Now, Assignment = previous.Assignment };
        _members.Add(member.Id, member);
        if (_leader == previous.Id)
        {
            _leader = member.Id;
        }

        if (State == GroupState.Stable && SelectProtocol() == _protocol)
        {
            Journal(Completed());
            // Told of the leader before it, it does not take itself for one and divides nothing anew.
            return Task.FromResult(Joined(member) with { Leader = leaderBefore, Members = [] });
        }

        var waiting = member.WaitForJoin();
        Rebalance();
        return waiting;
    }

    private void Rebalance()
    {
        if (State != GroupState.PreparingRebalance)
        {
            foreach (var member in _members.Values)
            {
                member.CompleteSync(SyncResult.Failed(ErrorCode.RebalanceInProgress));
            }

            State = GroupState.PreparingRebalance;
            _deadline = _context.Now + LongestRebalanceTimeout();
        }

        TryCompleteJoin();
    }

    private void TryCompleteJoin()
    {
        if (State == GroupState.PreparingRebalance && _invited.Count == 0 && _members.Values.All(member => member.IsJoining))
        {
            CompleteJoin();
        }
    }

    // Who has not rejoined is out, except static members: those have until the end of their session to come back.
    private void CompleteJoin()
    {
        foreach (var late in _members.Values.Where(member => !member.IsJoining && member.InstanceId is null).ToList())
        {
            _members.Remove(late.Id);
        }

        if (_members.Count == 0)
        {
            BecomeEmpty();
            return;
        }

        if (_members.Values.FirstOrDefault(member => member.IsJoining) is not { } joining)
        {
            _deadline = _context.Now + LongestRebalanceTimeout();
            return;
        }

        if (!_members.TryGetValue(_leader, out var leader) || !leader.IsJoining)
        {
            _leader = joining.Id;
        }

        BeginGeneration();
    }

    private void BeginGeneration()
    {
        _generation++;
        _protocol = SelectProtocol();
        State = GroupState.CompletingRebalance;
        _deadline = _context.Now + LongestRebalanceTimeout();
        foreach (var member in _members.Values)
        {
            member.BeginGeneration(_context.Now);
            member.CompleteJoin(Joined(member));
        }
    }

    private void CompleteGeneration(IReadOnlyDictionary<string, byte[]> assignments)
    {
        State = GroupState.Stable;
        foreach (var member in _members.Values)
        {
            member.Assignment = assignments.GetValueOrDefault(member.Id, []);
            member.LastSeen = _context.Now;
            member.CompleteSync(new(ErrorCode.None, member.Assignment));
        }

        Journal(Completed());
    }

    private void RemoveUnsynced()
    {
        foreach (var late in _members.Values.Where(member => !member.HasSynced).ToList())
        {
            _members.Remove(late.Id);
        }

        Rebalance();
    }

    private void Remove(Member member)
    {
        member.CompleteJoin(JoinResult.Failed(ErrorCode.UnknownMemberId, member.Id));
        member.CompleteSync(SyncResult.Failed(ErrorCode.UnknownMemberId));
        _members.Remove(member.Id);
        if (_leader == member.Id)
        {
            _leader = _members.Keys.FirstOrDefault("");
        }

        Rebalance();
    }

    private void BecomeEmpty()
    {
        _generation++;
        _protocol = "";
        _leader = "";
        _emptySince = _context.Now;
        State = GroupState.Empty;
        if (HasJournal)
        {
            Journal(Completed());
        }
    }

    private JournalEntry.GenerationCompleted Completed() => new(_generation, _protocolType, _protocol, _leader, [.. _members.Values]);

    private JoinResult Joined(Member member) => new(ErrorCode.None, member.Id, _generation, _protocol, _leader,
        member.Id != _leader ? [] : [.. _members.Values.Select(each => new JoinedMember(each.Id, each.InstanceId, each.MetadataFor(_protocol)))]);

    private ErrorCode Check(string memberId, string? instanceId, int generation, out Member? member)
    {
        var error = FindMember(memberId, instanceId, out member);
        return error != ErrorCode.None ? error : generation == _generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private ErrorCode FindMember(string memberId, string? instanceId, out Member? member)
    {
        if (instanceId is not null && FindStatic(instanceId) is { } holder && holder.Id != memberId)
        {
            member = null;
            return ErrorCode.FencedInstanceId;
        }

        return _members.TryGetValue(memberId, out member) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private Member? FindStatic(string instanceId) => _members.Values.FirstOrDefault(member => member.InstanceId == instanceId);

    // Somebody who knows no way to divide that all others know as well cannot be in the group.
    private bool Suits(JoinRequest request)
    {
        var others = _members.Values.Where(member => member.Id != request.MemberId && (request.InstanceId is null || member.InstanceId != request.InstanceId)).ToList();
        return request.ProtocolType.Length > 0
            && (others.Count == 0 || request.ProtocolType == _protocolType)
            && request.Protocols.Any(protocol => others.TrueForAll(member => member.Request.Protocols.Any(known => known.Name == protocol.Name)));
    }

    // Everybody votes for what it likes best of what all know.
    private string SelectProtocol() => _members.Values
        .Select(member => member.Request.Protocols.First(protocol =>
            _members.Values.All(other => other.Request.Protocols.Any(known => known.Name == protocol.Name))).Name)
        .CountBy(name => name)
        .MaxBy(votes => votes.Value).Key;

    private TimeSpan LongestRebalanceTimeout() => _members.Count == 0 ? TimeSpan.Zero : _members.Values.Max(member => member.Request.RebalanceTimeout);

    private static string NewMemberId(JoinRequest request) => $"{request.InstanceId ?? request.ClientId}-{Guid.NewGuid()}";
}
