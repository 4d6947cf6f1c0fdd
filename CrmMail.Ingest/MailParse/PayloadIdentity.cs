using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Ingest.MailParse;

/// <summary>
/// The event id of a payload. MailParse gives its events none, and the webhook and the listing may write one payload differently: white
/// space, escapes and the order of the members do not count. What else differs, differs, numbers by how they are written.
/// </summary>
/// <remarks>
/// A hash of hashes: that of an object is over the sorted hashes of its members, that of an array over those of its elements. Of one stack
/// of bytes nothing is kept, so that nothing is allocated but the id.
/// </remarks>
internal ref struct PayloadIdentity
{
    private const string Prefix = "json-sha256:";
    private const byte ObjectTag = (byte)'{';
    private const byte MemberTag = (byte)':';
    private const byte ArrayTag = (byte)'[';
    private const byte TextTag = (byte)'"';

    private Utf8JsonReader _json;
    private byte[] _stack;
    private int _length;

    private PayloadIdentity(ReadOnlySpan<byte> payload)
    {
        _json = new Utf8JsonReader(payload);
        _stack = ArrayPool<byte>.Shared.Rent(4096);
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// <c>json-sha256:</c> and the hash of the values; of what is no JSON, is nested more than 64 deep or has texts that no reader takes,
    /// <c>sha256:</c> and the hash of the bytes.
    /// </summary>
    public static EventId Of(ReadOnlySpan<byte> payload)
    {
        var identity = new PayloadIdentity(payload.StartsWith(ByteOrderMark) ? payload[ByteOrderMark.Length..] : payload);
        try
        {
            identity._json.Read();
            identity.PushValue();

            // Throws when anything but white space follows.
            identity._json.Read();
            return EventId.Of(Prefix + Convert.ToHexStringLower(identity._stack.AsSpan(0, identity._length)), payload);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return EventId.Of(null, payload);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(identity._stack);
        }
    }

    /// <summary>Puts the hash of the value at which the reader stands on the stack.</summary>
    private void PushValue()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                PushObject();
                break;
            case JsonTokenType.StartArray:
                PushArray();
                break;
            case JsonTokenType.String:
                PushText();
                break;
            default:
                PushHash(_json.ValueSpan);
                break;
        }
    }

    private void PushObject()
    {
        var start = PushTag(ObjectTag);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            var member = PushTag(MemberTag);
            PushText();
            _json.Read();
            PushValue();
            Fold(member);
        }

        MemoryMarshal.Cast<byte, Digest>(_stack.AsSpan(start + 1, _length - start - 1)).Sort();
        Fold(start);
    }

    private void PushArray()
    {
        var start = PushTag(ArrayTag);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            PushValue();
        }

        Fold(start);
    }

    private void PushText()
    {
        var start = PushTag(TextTag);
        Reserve(_json.ValueSpan.Length);
        _length += _json.CopyString(_stack.AsSpan(_length));
        Fold(start);
    }

    private int PushTag(byte tag)
    {
        Reserve(1);
        _stack[_length] = tag;
        return _length++;
    }

    private void PushHash(ReadOnlySpan<byte> bytes)
    {
        Reserve(SHA256.HashSizeInBytes);
        _length += SHA256.HashData(bytes, _stack.AsSpan(_length));
    }

    /// <summary>Replaces what is on the stack from here by its hash.</summary>
    private void Fold(int start)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_stack.AsSpan(start, _length - start), hash);
        _length = start;
        Reserve(hash.Length);
        hash.CopyTo(_stack.AsSpan(start));
        _length += hash.Length;
    }

    private void Reserve(int bytes)
    {
        if (_stack.Length - _length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes, 2 * _stack.Length));
        _stack.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_stack);
        _stack = larger;
    }

    /// <summary>A hash that can be sorted, in any order that is always the same.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Digest(ulong First, ulong Second, ulong Third, ulong Fourth) : IComparable<Digest>
    {
        public int CompareTo(Digest other)
        {
            var order = First.CompareTo(other.First);
            order = order != 0 ? order : Second.CompareTo(other.Second);
            order = order != 0 ? order : Third.CompareTo(other.Third);
            return order != 0 ? order : Fourth.CompareTo(other.Fourth);
        }
    }
}
