using Microsoft.Extensions.Options;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Telemetry;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving.Parameters;
using MidnightOS.Prover.Proving.Processes;

namespace MidnightOS.Prover.Proving;

/// <summary>Proves in the pool of processes, and gets what a proof lacks: parameters and built-in keys.</summary>
/// <remarks>While a file is fetched or derived the call holds no process and says so, so that others go on.</remarks>
internal sealed class ProverPool(
    IOptions<ProverPoolOptions> options, ProvingAttempts attempts, IParameters parameters, BuiltInKeys builtIn, FileWaits waits) : IProver
{
    private readonly ProverPoolOptions _options = options.Value;

    public int Size => _options.Size;

    public async Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken)
    {
        var keys = request.Keys is { } own ? new KeyAnswer(own, null) : await waits.WhileAsync(builtIn.GetAsync(request.KeyLocation, cancellationToken));
        return keys.Keys is { } material
            ? await RunAsync(ProvingCall.Prove(request, material, _options.ProofTimeout), cancellationToken)
            : new ProverAnswer { Failure = keys.Failure };
    }

    public async Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        if (request.Ir is { } ir)
        {
            return await RunAsync(ProvingCall.Check(request.Preimage, ir, _options.CheckTimeout), cancellationToken);
        }

        var circuit = await waits.WhileAsync(builtIn.GetIrAsync(request.KeyLocation, cancellationToken));
        return circuit.Failure is { } failure
            ? new ProverAnswer { Failure = failure }
            : await RunAsync(ProvingCall.Check(request.Preimage, circuit.Content, _options.CheckTimeout), cancellationToken);
    }

    public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) =>
        RunAsync(ProvingCall.ProveTransaction(request, _options.ProofTimeout), cancellationToken);

    public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) =>
        RunAsync(ProvingCall.K(ir, _options.CheckTimeout), cancellationToken);

    private async Task<ProverAnswer> RunAsync(ProvingCall call, CancellationToken cancellationToken)
    {
        using var activity = ProvingMetrics.Activities.Within("prover", call.Request.Op);
        var worked = TimeSpan.Zero;
        var got = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var outcome = await attempts.RunAsync(call, cancellationToken);
            worked += outcome.Worked;
            if (outcome.Lacking is not { } lacking)
            {
                return outcome.Answer! with { Worked = worked };
            }

            // What was got once and is still lacking will not be there the third time either.
            var (failure, next) = got.Add($"{lacking.Code} {lacking.K} {lacking.Location}")
                ? await waits.WhileAsync(GetAsync(lacking, call, cancellationToken))
                : (new ProofFailure(ProofFailureKind.Internal, $"The prover does not find what it was given: {lacking.Message}"), call);
            if (failure is not null)
            {
                return new ProverAnswer { Failure = failure, K = lacking.K, Worked = worked };
            }

            call = next;
        }
    }

    /// <summary>Gets what a process lacked.</summary>
    private async Task<(ProofFailure? Failure, ProvingCall Next)> GetAsync(ProvingError lacking, ProvingCall call, CancellationToken cancellationToken)
    {
        if (lacking is { Code: ProvingError.MissingKeys, Location: { } location })
        {
            var keys = await builtIn.GetAsync(location, cancellationToken);
            return keys.Keys is { } material
                ? (null, call with { Keys = new Dictionary<string, KeyMaterial>(call.Keys, StringComparer.Ordinal) { [location] = material } })
                : (keys.Failure, call);
        }

        if (lacking.K is not { } k)
        {
            return (new ProofFailure(ProofFailureKind.Internal, lacking.Message), call);
        }

        if (k > _options.MaxK)
        {
            var reason = $"The circuit has 2^{k} rows; this service proves circuits up to 2^{_options.MaxK} ({ProverPoolOptions.Section}:{nameof(_options.MaxK)}).";
            return (new ProofFailure(ProofFailureKind.BadInput, reason), call);
        }

        return (await parameters.EnsureAsync(k, lacking.Code == ProvingError.DamagedParameters, cancellationToken), call);
    }
}
