using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Tests.Integration.Prover;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>Requests that were read as well-formed and are not what the prover expects: it refuses them, and whoever comes next is served.</summary>
public sealed class MutationTests
{
    private const int Default = 120;
    private const int Seed = 20_260_722;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Random _random = new(Seed);

    /// <summary>How many mutations: <c>MIDNIGHT_MUTATIONS</c>, else a hundred.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("MIDNIGHT_MUTATIONS"), out var count) ? count : Default;

    [CircuitFact]
    public async Task ProveAsync_MutatedPreimagesKeysAndCircuits_RefusedOrProvedAndAProcessIsLeft()
    {
        await using var proving = new ProvingUnderTest(("Workers", "2"));
        var right = await SmallCircuit.ProveAsync();
        Assert.True((await proving.Prover.ProveAsync(right, None)).IsDone);
        var refused = 0;
        for (var done = 0; done < Count; done += 2)
        {
            var answers = await Task.WhenAll(proving.Prover.ProveAsync(Mutated(right), None), proving.Prover.ProveAsync(Mutated(right), None));
            Assert.All(answers, static answer => Assert.True(answer.IsDone || answer.Failure.Kind is ProofFailureKind.BadInput or ProofFailureKind.MissingFile, answer.Failure?.Reason));
            refused += answers.Count(static answer => !answer.IsDone);
        }

        Assert.InRange(refused, Count / 2, Count);
        Assert.True((await proving.Prover.ProveAsync(right, None)).IsDone);
        Assert.InRange(proving.Workers.Ids.Count, 1, 2);
        Assert.DoesNotContain(" 7202 ", proving.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" 7203 ", proving.Logs.Text, StringComparison.Ordinal);
    }

    private ProveRequest Mutated(ProveRequest right)
    {
        var keys = right.Keys!;
        return _random.Next(8) switch
        {
            0 => right with { Keys = keys with { VerifierKey = Mutated(keys.VerifierKey) } },
            1 => right with { Keys = keys with { ProverKey = Mutated(keys.ProverKey) } },
            2 or 3 or 4 => right with { Keys = keys with { Ir = Mutated(keys.Ir) } },
            _ => right with { Preimage = Mutated(right.Preimage) },
        };
    }

    private ReadOnlyMemory<byte> Mutated(ReadOnlyMemory<byte> bytes)
    {
        var at = _random.Next(bytes.Length);
        return _random.Next(4) switch
        {
            0 => bytes[..at],
            1 => (byte[])[.. bytes.Span[..at], .. bytes.Span[(at / 2)..]],
            _ => SmallCircuit.Changed(bytes, at, (byte)(1 << _random.Next(8))),
        };
    }
}
