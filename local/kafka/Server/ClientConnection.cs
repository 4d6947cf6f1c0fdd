using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using KafkaBroker.Apis;
using KafkaBroker.Protocol;
using Microsoft.Win32.SafeHandles;

namespace KafkaBroker.Server;

/// <summary>
/// One client. Its requests begin in the order in which they come and are answered in that order; while one waits, for records or for other consumers or for
/// the disk, the next ones may begin.
/// </summary>
internal sealed class ClientConnection : IResponseSink, IDisposable
{
    /// <summary>Requests of one client that may wait.</summary>
    private const int MaxUnderWay = 32;

    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(10);

    // A client that stops within a frame holds memory that others may be waiting for.
    private static readonly TimeSpan MaxIdleWithinFrame = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly ApiTable _apis;
    private readonly ServerLog _log;
    private readonly FrameReader _frames;

    // Never disposed, it holds nothing: the server may end a connection at the moment in which that ends by itself.
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _underWay = new(MaxUnderWay);
    private readonly Caller _caller;
    private Task _lastSent = Task.CompletedTask;

    /// <param name="socket">Belongs to the connection from now on.</param>
    /// <param name="apis">Who answers.</param>
    /// <param name="memory">Bytes that large frames may take at one time.</param>
    /// <param name="log">Where to tell.</param>
    public ClientConnection(Socket socket, ApiTable apis, ConcurrencyLimiter memory, ServerLog log)
    {
        socket.NoDelay = true;
        _socket = socket;
        _apis = apis;
        _log = log;
        _frames = new(socket, memory);
        _caller = new($"/{((IPEndPoint)socket.RemoteEndPoint!).Address}", _ended.Token);
    }

    /// <summary>Answers until the client goes, or is sent away, or <see cref="End"/> is called. Throws nothing: a connection's trouble is its own.</summary>
    public async Task RunAsync()
    {
        try
        {
            await AnswerAllAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Report(exception);
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        try
        {
            await _lastSent.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Report(exception);
        }
    }

    /// <summary>Ends the connection. What was answered already is still sent.</summary>
    public void End() => _ended.Cancel();

    /// <summary>Ends the connection if nothing has come for too long.</summary>
    public void EndIfIdle()
    {
        var idle = TimeSpan.FromMilliseconds(Environment.TickCount64 - _frames.LastReceived);
        if (_underWay.CurrentCount == MaxUnderWay && idle > (_frames.IsWithinFrame ? MaxIdleWithinFrame : MaxIdle))
        {
            End();
        }
    }

    /// <inheritdoc />
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, _ended.Token).ConfigureAwait(false)..];
        }
    }

    /// <inheritdoc />
    public int SendWithoutWaiting(SafeFileHandle file, long position, int count) => SocketFile.Send(_socket.SafeHandle, file, position, count);

    public void Dispose()
    {
        _frames.Dispose();
        _socket.Dispose();
        _underWay.Dispose();
    }

    private async Task AnswerAllAsync()
    {
        while (await _frames.ReadAsync(_ended.Token).ConfigureAwait(false) is { } frame)
        {
            ValueTask<ResponseWriter?> answer;
            using (frame)
            {
                await _underWay.WaitAsync(_ended.Token).ConfigureAwait(false);
                answer = _apis.AnswerAsync(frame.Body.Span, _caller);
            }

            if (answer.IsCompletedSuccessfully && _lastSent.IsCompletedSuccessfully)
            {
                await SendAsync(await answer.ConfigureAwait(false)).ConfigureAwait(false);
                _underWay.Release();
            }
            else
            {
                _lastSent = SendInOrderAsync(answer, _lastSent);
            }
        }
    }

    private async Task SendInOrderAsync(ValueTask<ResponseWriter?> answer, Task previous)
    {
        try
        {
            var response = await answer.ConfigureAwait(false);
            try
            {
                await previous.ConfigureAwait(false);
            }
            catch
            {
                response?.Dispose();
                throw;
            }

            await SendAsync(response).ConfigureAwait(false);
            _underWay.Release();
        }
        catch
        {
            End();
            throw;
        }
    }

    private async ValueTask SendAsync(ResponseWriter? response)
    {
        using (response)
        {
            if (response is not null)
            {
                await response.SendAsync(this).ConfigureAwait(false);
            }
        }
    }

    private void Report(Exception exception)
    {
        switch (exception)
        {
            case MalformedRequestException:
                _log.LogMalformed(_caller.Host, exception.Message);
                break;
            case SocketException or OperationCanceledException or ObjectDisposedException:
                // The client has gone, or was sent away.
                break;
            default:
                _log.LogFailed(_caller.Host, exception);
                break;
        }
    }
}
