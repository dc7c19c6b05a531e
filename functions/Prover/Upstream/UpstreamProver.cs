using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Upstream;

/// <summary>Has official proof servers do the work. One that cannot answer is left for the next: every call is pure, so it may be made twice.</summary>
internal sealed partial class UpstreamProver(UpstreamServers servers, IOptions<ProverOptions> options, TimeProvider time, ILogger<UpstreamProver> logger) : IProver
{
    // The official server's own default of workers.
    private const int CallsAServer = 2;

    private static readonly byte[] ProvenTransaction = "midnight:transaction[v9](signature[v1],proof"u8.ToArray();

    public int Size => servers.All.Count * CallsAServer;

    public Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken) =>
        AskAsync("prove", ProveRequestWriter.Write(request), Encoding.ASCII.GetBytes(WireTags.VersionedProof), cancellationToken);

    public Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken) =>
        AskAsync("check", ProveRequestWriter.Write(request), Encoding.ASCII.GetBytes(WireTags.CheckResult), cancellationToken);

    public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) =>
        AskAsync("prove-tx", ProveRequestWriter.Write(request), ProvenTransaction, cancellationToken);

    public async Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken)
    {
        var answer = await AskAsync("k", ir.ToArray(), [], cancellationToken);
        return !answer.IsDone ? answer
            : int.TryParse(Encoding.ASCII.GetString(answer.Content.Span), NumberStyles.None, CultureInfo.InvariantCulture, out var k)
                ? answer with { Content = default, K = k }
                : ProverAnswer.Failed(ProofFailureKind.Internal, "The proof server answered /k with what is no number.");
    }

    private async Task<ProverAnswer> AskAsync(string path, byte[] body, byte[] begins, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        List<(UpstreamServer Server, UpstreamOutcome Outcome)> left = [];
        try
        {
            foreach (var server in servers.InOrder())
            {
                var reply = await server.SendAsync(path, body, begins, options.Value.UpstreamTimeout, cancellationToken);
                if (reply.Outcome is UpstreamOutcome.Done or UpstreamOutcome.Refused)
                {
                    Blame(left);
                    return Answer(reply) with { Worked = time.GetElapsedTime(start) };
                }

                LogLeft(server.Address, path, reply.Problem);
                left.Add((server, reply.Outcome));
            }

            return new ProverAnswer { Failure = Failure([.. left.Select(static one => one.Outcome)]) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static void Blame(List<(UpstreamServer Server, UpstreamOutcome Outcome)> left)
    {
        foreach (var (server, _) in left.Where(static one => one.Outcome is UpstreamOutcome.Broke or UpstreamOutcome.Lost))
        {
            server.Blame();
        }
    }

    private static ProverAnswer Answer(UpstreamReply reply) => reply.Outcome is UpstreamOutcome.Done
        ? new ProverAnswer { Content = reply.Content }
        : ProverAnswer.Failed(ProofFailureKind.BadInput, Told(reply.Content));

    // Whoever had it and broke says more than whoever could not be asked: what breaks servers must not be tried for ever.
    private ProofFailure Failure(List<UpstreamOutcome> outcomes) =>
        outcomes.Contains(UpstreamOutcome.Broke) ? new ProofFailure(ProofFailureKind.Internal, "The proof servers of the setting Prover:Upstream answered it with an error of theirs.")
        : outcomes.Contains(UpstreamOutcome.TimedOut) ? new ProofFailure(ProofFailureKind.TimedOut, $"No proof server answered it in time; each has {options.Value.UpstreamTimeout} (Prover:UpstreamTimeout).")
        : outcomes.Contains(UpstreamOutcome.Lost) ? new ProofFailure(ProofFailureKind.Interrupted, "The connection to the proof server broke while it was at work.")
        : outcomes.Count > 0 && outcomes.TrueForAll(static outcome => outcome is UpstreamOutcome.TooLarge)
            ? new ProofFailure(ProofFailureKind.BadInput, "The request has more bytes than the proof servers take.")
        : new ProofFailure(ProofFailureKind.Unavailable, "None of the proof servers of the setting Prover:Upstream can answer now.");

    private static string Told(byte[] content) => $"The proof server said: {Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, 300)))}";

    [LoggerMessage(EventId = 7121, Level = LogLevel.Warning, Message = "The proof server {Address} did not do {Path}: {Problem}. The next is asked.")]
    private partial void LogLeft(Uri address, string path, string problem);
}
