using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace CrmMail.Api.Contacts;

/// <summary>Cuts a body into lines and reads them. It holds one line at a time, however long the body is.</summary>
internal sealed class ImportReader(PipeReader body)
{
    public const int MaxLineBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private long _number;
    private bool _isTooLong;

    /// <summary>Hands every line that is not empty to the channel, and completes it.</summary>
    public async Task ReadAsync(ChannelWriter<ImportLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (TryCutLine(ref rest, read.IsCompleted, out var line))
                {
                    if (ReadLine(line) is { } parsed)
                    {
                        await lines.WriteAsync(parsed, cancellationToken);
                    }
                }

                body.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    lines.Complete();
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            // Whoever reads the channel meets the exception there.
            lines.Complete(exception);
        }
    }

    private bool TryCutLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (isLast)
        {
            rest = rest.Slice(rest.End);
            return !line.IsEmpty || _isTooLong;
        }

        if (rest.Length > MaxLineBytes)
        {
            // What there is of it is let go, so that it does not fill the memory.
            _isTooLong = true;
            rest = rest.Slice(rest.End);
        }

        return false;
    }

    private ImportLine? ReadLine(ReadOnlySequence<byte> line)
    {
        _number++;
        if (_isTooLong || line.Length > MaxLineBytes)
        {
            _isTooLong = false;
            return ImportLine.Failed(_number, ImportLine.WholeLine, $"A line has at most {MaxLineBytes} bytes.");
        }

        var json = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).Trim(" \t\r"u8);
        if (_number == 1 && json.StartsWith(ByteOrderMark))
        {
            json = json[ByteOrderMark.Length..];
        }

        return json.IsEmpty ? null : ImportLine.Read(_number, json);
    }
}
