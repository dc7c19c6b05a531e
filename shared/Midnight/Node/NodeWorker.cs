using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;

namespace MidnightOS.Midnight.Node;

/// <summary>The worker ended, broke or spoke nonsense. Another one can answer the same call.</summary>
internal sealed class WorkerLostException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How a worker is started.</summary>
/// <param name="Name">What it is called in messages: <c>ledger process</c>.</param>
/// <param name="Script">The path of its program within the packages.</param>
/// <param name="Answers">How the header of an answer is read.</param>
/// <param name="IsReady">Whether a header is the announcement that it is ready.</param>
internal sealed record NodeProgram<TAnswer>(string Name, string Script, JsonTypeInfo<TAnswer> Answers, Func<TAnswer, bool> IsReady)
{
    /// <summary>The largest frame, in bytes.</summary>
    public int MaxFrame { get; init; } = NodeFrames<TAnswer>.DefaultMaxFrame;

    /// <summary>Told the process and a line that it wrote to standard error.</summary>
    public Action<int, string> Said { get; init; } = static (_, _) => { };
}

/// <summary>A worker process that answers frames; one call at a time.</summary>
internal sealed class NodeWorker<TAnswer> : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly NodeFrames<TAnswer> _frames;
    private readonly NodeProgram<TAnswer> _program;
    private readonly TimeProvider _time;
    private readonly Task _errors;

    private NodeWorker(Process process, NodeProgram<TAnswer> program, TimeProvider time)
    {
        _process = process;
        _program = program;
        _time = time;
        _frames = new NodeFrames<TAnswer>(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, program.Answers, program.MaxFrame);
        Id = process.Id;
        _errors = ForwardErrorsAsync();
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a process and waits until it says that it is ready.</summary>
    /// <exception cref="WorkerLostException">It ended or stayed silent.</exception>
    public static async Task<NodeWorker<TAnswer>> StartAsync(NodePaths paths, NodeProgram<TAnswer> program, TimeSpan timeout, TimeProvider time)
    {
        var worker = new NodeWorker<TAnswer>(Launch(paths, program), program, time);
        try
        {
            var ready = await worker.WithinAsync(timeout, worker._frames.ReadAsync, CancellationToken.None);
            return program.IsReady(ready.Header) ? worker : throw new InvalidDataException($"A {program.Name} did not say that it is ready.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or TimeoutException)
        {
            worker.Kill();
            await worker.DisposeAsync();
            throw new WorkerLostException($"A {program.Name} did not start: {exception.Message}", exception);
        }
    }

    /// <summary>Sends one request and waits for its answer. Whatever it throws, the process is of no use after that.</summary>
    /// <param name="write">Writes the request.</param>
    /// <param name="timeout">The longest that the exchange may take.</param>
    /// <param name="cancellationToken">Kills the process.</param>
    /// <exception cref="WorkerLostException">The worker is lost.</exception>
    /// <exception cref="TimeoutException">It did not answer in time and was killed.</exception>
    public async Task<NodeFrame<TAnswer>> ExchangeAsync(
        Func<NodeFrames<TAnswer>, CancellationToken, Task> write, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await WithinAsync(
                timeout,
                async token =>
                {
                    await write(_frames, token);
                    return await _frames.ReadAsync(token);
                },
                cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new WorkerLostException($"A {_program.Name} was lost: {exception.Message}", exception);
        }
    }

    public void Kill() => ChildProcess.Kill(_process);

    /// <summary>Returns when the process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.EndAsync(_process, Patience, _time);
        await _errors;
        _process.Dispose();
    }

    /// <summary>Kills the process when the time is up: its pipes break then, which ends the wait whatever it waits for.</summary>
    private async Task<T> WithinAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var kill = either.Token.UnsafeRegister(static state => ((NodeWorker<TAnswer>)state!).Kill(), this);
        try
        {
            return await work(either.Token);
        }
        catch (Exception exception) when (either.IsCancellationRequested && exception is IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"A {_program.Name} did not answer within {timeout}.", exception);
        }
    }

    private static Process Launch(NodePaths paths, NodeProgram<TAnswer> program)
    {
        try
        {
            return ChildProcess.Start(paths.Node, ["--no-warnings", Path.Combine(paths.Packages, program.Script)], ChildProcess.MinimalEnvironment());
        }
        catch (Win32Exception exception)
        {
            throw new WorkerLostException($"A {program.Name} could not be started: {exception.Message}", exception);
        }
    }

    private async Task ForwardErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _program.Said(Id, line);
        }
    }
}
