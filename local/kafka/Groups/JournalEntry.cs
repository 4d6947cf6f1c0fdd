using System.Globalization;

namespace KafkaBroker.Groups;

/// <summary>Something about a group that outlives the process.</summary>
internal abstract record JournalEntry
{
    private enum Kind : byte
    {
        Name = 1,
        Generation = 2,
        Commit = 3,
        Removal = 4,
    }

    /// <summary>Always the first one.</summary>
    public sealed record Named(string GroupId) : JournalEntry;

    /// <summary>The members of a generation that is complete; none when the group became empty.</summary>
    public sealed record GenerationCompleted(int Generation, string ProtocolType, string Protocol, string Leader, IReadOnlyList<Member> Members) : JournalEntry;

    public sealed record Committed(TopicPartition Partition, CommittedOffset Offset) : JournalEntry;

    public sealed record Removed(TopicPartition Partition) : JournalEntry;

    public void Write(BinaryWriter writer)
    {
        switch (this)
        {
            case Named named:
                writer.Write((byte)Kind.Name);
                writer.Write(named.GroupId);
                break;
            case GenerationCompleted completed:
                writer.Write((byte)Kind.Generation);
                Write(writer, completed);
                break;
            case Committed committed:
                writer.Write((byte)Kind.Commit);
                Write(writer, committed.Partition);
                writer.Write(committed.Offset.Offset);
                writer.Write(committed.Offset.LeaderEpoch);
                WriteNullable(writer, committed.Offset.Metadata);
                writer.Write(committed.Offset.CommittedAt);
                break;
            case Removed removed:
                writer.Write((byte)Kind.Removal);
                Write(writer, removed.Partition);
                break;
        }
    }

    /// <exception cref="InvalidDataException">It is of no kind that this version knows.</exception>
    public static JournalEntry Read(BinaryReader reader) => (Kind)reader.ReadByte() switch
    {
        Kind.Name => new Named(reader.ReadString()),
        Kind.Generation => ReadGeneration(reader),
        Kind.Commit => new Committed(ReadPartition(reader), new(reader.ReadInt64(), reader.ReadInt32(), ReadNullable(reader), reader.ReadInt64())),
        Kind.Removal => new Removed(ReadPartition(reader)),
        var kind => throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"A journal entry of kind {kind:D}.")),
    };

    private static void Write(BinaryWriter writer, GenerationCompleted completed)
    {
        writer.Write(completed.Generation);
        writer.Write(completed.ProtocolType);
        writer.Write(completed.Protocol);
        writer.Write(completed.Leader);
        writer.Write(completed.Members.Count);
        foreach (var member in completed.Members)
        {
            writer.Write(member.Id);
            WriteNullable(writer, member.InstanceId);
            writer.Write(member.Request.ClientId);
            writer.Write(member.Request.ClientHost);
            writer.Write(member.Request.SessionTimeout.Ticks);
            writer.Write(member.Request.RebalanceTimeout.Ticks);
            Write(writer, member.Assignment);
            writer.Write(member.Request.Protocols.Count);
            foreach (var protocol in member.Request.Protocols)
            {
                writer.Write(protocol.Name);
                Write(writer, protocol.Metadata);
            }
        }
    }

    private static GenerationCompleted ReadGeneration(BinaryReader reader)
    {
        var generation = reader.ReadInt32();
        var protocolType = reader.ReadString();
        return new(generation, protocolType, reader.ReadString(), reader.ReadString(), ReadList(reader, _ => ReadMember(reader, protocolType)));
    }

    private static Member ReadMember(BinaryReader reader, string protocolType)
    {
        var id = reader.ReadString();
        var instanceId = ReadNullable(reader);
        var clientId = reader.ReadString();
        var clientHost = reader.ReadString();
        var sessionTimeout = TimeSpan.FromTicks(reader.ReadInt64());
        var rebalanceTimeout = TimeSpan.FromTicks(reader.ReadInt64());
        var assignment = ReadBytes(reader);
        return new(id, new()
        {
            MemberId = id,
            InstanceId = instanceId,
            ClientId = clientId,
            ClientHost = clientHost,
            SessionTimeout = sessionTimeout,
            RebalanceTimeout = rebalanceTimeout,
            ProtocolType = protocolType,
            Protocols = ReadList(reader, static reader => new GroupProtocol(reader.ReadString(), ReadBytes(reader))),
            AsksForMemberId = false,
        })
        {
            Assignment = assignment,
        };
    }

    private static void Write(BinaryWriter writer, TopicPartition partition)
    {
        writer.Write(partition.Topic);
        writer.Write(partition.Partition);
    }

    private static TopicPartition ReadPartition(BinaryReader reader) => new(reader.ReadString(), reader.ReadInt32());

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static void WriteNullable(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        writer.Write(text ?? "");
    }

    private static string? ReadNullable(BinaryReader reader)
    {
        var isThere = reader.ReadBoolean();
        var text = reader.ReadString();
        return isThere ? text : null;
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        List<T> list = [];
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            list.Add(read(reader));
        }

        return list;
    }
}
