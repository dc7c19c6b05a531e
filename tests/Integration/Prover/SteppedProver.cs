using System.Threading.Channels;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>A prover whose calls a test takes one by one, in the order in which they were begun, and ends as it likes.</summary>
internal sealed class SteppedProver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<Step> _begun = Channel.CreateUnbounded<Step>();

    /// <param name="size">How many calls are worked on at once.</param>
    public SteppedProver(int size = 2) => Prover = new ScriptedProver { Size = size, Answer = RunAsync };

    public ScriptedProver Prover { get; }

    /// <summary>The next call that began.</summary>
    public async Task<Step> NextAsync() => await _begun.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private Task<ProverAnswer> RunAsync(object request, CancellationToken stop)
    {
        var step = new Step(request, stop);
        _begun.Writer.TryWrite(step);
        return step.Answer;
    }

    internal sealed class Step
    {
        private readonly TaskCompletionSource<ProverAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Step(object request, CancellationToken stop)
        {
            (Request, Token) = (request, stop);
            stop.Register(() => _told.TrySetResult());
        }

        public object Request { get; }

        /// <summary>The circuit's text, which tells one request of <c>Bodies.Prove(number)</c> from another.</summary>
        public string Circuit => System.Text.Encoding.ASCII.GetString(((ProveRequest)Request).Keys!.Ir.Span);

        public CancellationToken Token { get; }

        /// <summary>Ends when it is told to stop; it goes on until <see cref="Stop"/>.</summary>
        public Task Told => _told.Task.WaitAsync(Patience);

        public Task<ProverAnswer> Answer => _answer.Task;

        public void Done(string content = "proof") =>
            _answer.TrySetResult(new ProverAnswer { Content = System.Text.Encoding.UTF8.GetBytes(content), K = 6, Worked = TimeSpan.FromSeconds(1) });

        public void Stop() => _answer.TrySetCanceled(Token);
    }
}
