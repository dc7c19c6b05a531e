using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MidnightOS.Tests.Soak.Faults;

/// <summary>A TCP proxy before a server that faults are asked of.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private static readonly byte[] InternalError = Encoding.ASCII.GetBytes(
        "HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nconnection: close\r\n\r\noops");

    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly Task _accepting;
    private volatile Fault _fault;

    public TcpProxy(Uri target, Random random)
    {
        (_target, _random) = (new IPEndPoint(IPAddress.Loopback, target.Port), random);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>From now on connections meet this fault, those that are open too.</summary>
    public void Set(Fault fault)
    {
        _fault = fault;
        if (fault is Fault.Refuse or Fault.Error or Fault.Garbage)
        {
            ResetAll();
        }
    }

    /// <summary>Resets what is open; new connections are carried.</summary>
    public void ResetAll()
    {
        foreach (var socket in _open.Keys)
        {
            Reset(socket);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        ResetAll();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        _open[client] = 0;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _open[server] = 0;
        try
        {
            if (_fault is Fault.Error or Fault.Garbage)
            {
                await AnswerAsync(client);
            }
            else if (_fault is not Fault.Refuse)
            {
                await server.ConnectAsync(_target, _stop.Token);
                await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; so is the other, below.
        }
        finally
        {
            Reset(client);
            Reset(server);
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        var buffer = new byte[8 * 1024];
        await client.ReceiveAsync(buffer, _stop.Token);
        if (_fault is Fault.Error)
        {
            await client.SendAsync(InternalError, _stop.Token);
        }
        else
        {
            lock (_random)
            {
                _random.NextBytes(buffer);
            }

            await client.SendAsync(buffer.AsMemory(0, 512), _stop.Token);
        }

        client.Shutdown(SocketShutdown.Send);
        await client.ReceiveAsync(buffer, _stop.Token);
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                await HoldAsync();
                if (_fault is Fault.Cut && isAnswer)
                {
                    await to.SendAsync(buffer.AsMemory(0, Below(read)), _stop.Token);
                    return;
                }

                await SendAsync(to, buffer.AsMemory(0, read));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other pump ends with this one.
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var piece = _fault is Fault.Slow ? Math.Min(bytes.Length, 1 + Below(1_000)) : bytes.Length;
            if (_fault is Fault.Slow)
            {
                await Task.Delay(Below(400), _stop.Token);
            }

            await to.SendAsync(bytes[..piece], _stop.Token);
            bytes = bytes[piece..];
        }
    }

    private async Task HoldAsync()
    {
        while (_fault is Fault.Stop)
        {
            await Task.Delay(50, _stop.Token);
        }
    }

    private int Below(int most)
    {
        lock (_random)
        {
            return _random.Next(most);
        }
    }

    private void Reset(Socket socket)
    {
        if (_open.TryRemove(socket, out _))
        {
            // Linger of zero: what is on its way is thrown away, and the other side sees a reset.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }
    }
}
