using System.IO.Pipelines;

namespace CrmMail.Api.Contacts;

/// <summary>
/// Answers that wait for a caller who sends first and reads later, as most HTTP/1.1 clients do. They lie in a temporary file: the import
/// neither waits for the caller, who would wait for it in turn, nor fills the memory.
/// </summary>
internal sealed class ResultSpool : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0,
        });

    private readonly SemaphoreSlim _written = new(0);
    private long _length;
    private volatile bool _isComplete;

    /// <summary>Whether anything was written.</summary>
    public bool HasAnswers => Interlocked.Read(ref _length) > 0;

    /// <summary>Adds to the end. One caller at a time.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> answers, CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_file.SafeFileHandle, answers, _length, cancellationToken);
        Interlocked.Add(ref _length, answers.Length);
        _written.Release();
    }

    /// <summary>Nothing more will be written.</summary>
    public void Complete()
    {
        _isComplete = true;
        _written.Release();
    }

    /// <summary>Hands on everything that is written, as soon as the reader takes it; returns at the end.</summary>
    public async Task CopyToAsync(PipeWriter reader, CancellationToken cancellationToken)
    {
        var position = 0L;
        while (true)
        {
            await _written.WaitAsync(cancellationToken);
            var isLast = _isComplete;
            var length = Interlocked.Read(ref _length);
            while (position < length)
            {
                var buffer = reader.GetMemory(BufferSize);
                var read = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer[..(int)Math.Min(buffer.Length, length - position)], position, cancellationToken);
                reader.Advance(read);
                position += read;
                await reader.FlushAsync(cancellationToken);
            }

            if (isLast)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _written.Dispose();
    }
}
