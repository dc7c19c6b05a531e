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
        try
        {
            var timedOut = false;
            foreach (var server in servers.InOrder())
            {
                var (answer, tooLate) = await TryAsync(server, path, body, begins, cancellationToken);
                if (answer is not null)
                {
                    return answer with { Worked = time.GetElapsedTime(start) };
                }

                timedOut |= tooLate;
            }

            return timedOut
                ? ProverAnswer.Failed(ProofFailureKind.TimedOut, $"No proof server answered within {options.Value.UpstreamTimeout}.")
                : ProverAnswer.Failed(ProofFailureKind.Internal, "None of the proof servers of the setting Prover:Upstream can answer now.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private async Task<(ProverAnswer? Answer, bool TooLate)> TryAsync(UpstreamServer server, string path, byte[] body, byte[] begins, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.UpstreamTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var reply = await server.SendAsync(path, body, either.Token);
            if (!reply.IsDone)
            {
                return (ProverAnswer.Failed(ProofFailureKind.BadInput, Told(reply.Content)), false);
            }

            if (reply.Content.AsSpan().StartsWith(begins))
            {
                return (new ProverAnswer { Content = reply.Content }, false);
            }

            LogLeft(server.Address, path, "its answer is not one of a proof server");
        }
        catch (UpstreamException exception)
        {
            LogLeft(server.Address, path, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogLeft(server.Address, path, "it took too long");
            return (null, true);
        }

        return (null, false);
    }

    private static string Told(byte[] content) => $"The proof server said: {Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, 300)))}";

    [LoggerMessage(EventId = 7121, Level = LogLevel.Warning, Message = "The proof server {Address} did not do {Path}: {Problem}. The next is asked.")]
    private partial void LogLeft(Uri address, string path, string problem);
}
