using System.Collections.Concurrent;
using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>All groups: <c>groups/*.journal</c>.</summary>
internal sealed class GroupDirectory
{
    private const int MaxGroups = 10_000;

    private static readonly TimeSpan MinSessionTimeout = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan MaxSessionTimeout = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, ConsumerGroup> _groups = new();
    private readonly GroupContext _context;

    private GroupDirectory(GroupContext context) => _context = context;

    public IEnumerable<ConsumerGroup> All => _groups.Values;

    /// <summary>Reads every journal.</summary>
    public static GroupDirectory Open(GroupContext context)
    {
        var directory = new GroupDirectory(context);
        Directory.CreateDirectory(context.Folder);
        foreach (var path in Directory.EnumerateFiles(context.Folder, "*.journal"))
        {
            if (ConsumerGroup.Restore(path, context) is { } group)
            {
                directory._groups[group.Id] = group;
            }
        }

        return directory;
    }

    public ConsumerGroup? Find(string id) => _groups.GetValueOrDefault(id);

    /// <inheritdoc cref="ConsumerGroup.Join" />
    public Task<JoinResult> JoinAsync(string id, JoinRequest request)
    {
        var error = id.Length == 0 ? ErrorCode.InvalidGroupId
            : request.SessionTimeout < MinSessionTimeout || request.SessionTimeout > MaxSessionTimeout ? ErrorCode.InvalidSessionTimeout
            : Find(id) is null && request.MemberId.Length > 0 ? ErrorCode.UnknownMemberId
            : Find(id) is null && _groups.Count >= MaxGroups ? ErrorCode.GroupMaxSizeReached
            : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            return Task.FromResult(JoinResult.Failed(error, request.MemberId));
        }

        while (true)
        {
            if (FindOrAdd(id).Join(request) is { } joining)
            {
                return joining;
            }
        }
    }

    /// <summary>Checks a commit and notes it.</summary>
    /// <param name="id">The group; a consumer outside of any may use one that does not exist.</param>
    /// <param name="memberId">See <see cref="ConsumerGroup.CheckCommit"/>.</param>
    /// <param name="instanceId">See <see cref="ConsumerGroup.CheckCommit"/>.</param>
    /// <param name="generation">See <see cref="ConsumerGroup.CheckCommit"/>.</param>
    /// <param name="commits">What to note.</param>
    /// <returns>Completes when the commit will not be lost.</returns>
    /// <exception cref="IOException">It could not be written down.</exception>
    public async Task<ErrorCode> CommitAsync(string id, string memberId, string? instanceId, int generation, IReadOnlyList<JournalEntry.Committed> commits)
    {
        if (id.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        if (Find(id) is null && generation >= 0)
        {
            return ErrorCode.IllegalGeneration;
        }

        while (true)
        {
            var group = Find(id) ?? (commits.Count > 0 && _groups.Count < MaxGroups ? FindOrAdd(id) : null);
            if (group is null)
            {
                return commits.Count > 0 ? ErrorCode.GroupMaxSizeReached : ErrorCode.None;
            }

            if (group.CheckCommit(memberId, instanceId, generation) is var error and not ErrorCode.None)
            {
                return error;
            }

            if (group.Commit(commits))
            {
                await group.FlushAsync().ConfigureAwait(false);
                return ErrorCode.None;
            }
        }
    }

    /// <summary>Deletes a group without members.</summary>
    public ErrorCode Delete(string id)
    {
        if (Find(id) is not { } group)
        {
            return ErrorCode.GroupIdNotFound;
        }

        var error = group.Delete();
        if (error == ErrorCode.None)
        {
            _groups.TryRemove(new(id, group));
        }

        return error;
    }

    /// <summary>Forgets the offsets of a topic that was deleted.</summary>
    public void ForgetTopic(string topic)
    {
        foreach (var group in _groups.Values)
        {
            group.ForgetTopic(topic);
        }
    }

    /// <summary>Lets every group look at the clock.</summary>
    public void Tick()
    {
        foreach (var (id, group) in _groups)
        {
            if (group.Tick())
            {
                _groups.TryRemove(new(id, group));
            }
        }
    }

    public void Close()
    {
        foreach (var group in _groups.Values)
        {
            group.Close();
        }
    }

    private ConsumerGroup FindOrAdd(string id)
    {
        var group = _groups.GetOrAdd(id, static (id, context) => new(id, context), _context);
        if (group.State == GroupState.Dead)
        {
            _groups.TryRemove(new(id, group));
        }

        return group;
    }
}
