using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>A folder of a mailbox; guarded by the gate of its account.</summary>
internal sealed class Folder(uint number, string path, string? specialUse, long uidValidity)
{
    private readonly SortedDictionary<uint, StoredMessage> _messages = [];
    private uint _nextUid = 1;

    /// <summary>The first half of the ids of its messages.</summary>
    public uint Number { get; } = number;

    public string Path { get; } = path;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string? SpecialUse { get; set; } = specialUse;

    /// <summary>How the special use is known: the server says so, or the user chose the folder.</summary>
    public string SpecialUseSource { get; set; } = "extension";

    public long UidValidity { get; } = uidValidity;

    /// <summary>Whether EmailEngine has seen it, and told of it.</summary>
    public bool IsAnnounced { get; set; }

    public uint NextUid => _nextUid;

    public IReadOnlyCollection<StoredMessage> Messages => _messages.Values;

    public StoredMessage Add(Mail mail, IEnumerable<string> flags, ProviderIds provider)
    {
        var message = new StoredMessage(new MessageHandle(Number, _nextUid), mail, flags, provider);
        _messages.Add(_nextUid++, message);
        return message;
    }

    public StoredMessage? Find(uint uid) => _messages.GetValueOrDefault(uid);

    public bool Remove(uint uid) => _messages.Remove(uid);
}
