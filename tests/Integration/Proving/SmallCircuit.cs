using MidnightOS.Prover.Protocol;
using MidnightOS.Tests.Integration.Prover;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>Requests of the small test circuit, as the official ledger writes them.</summary>
internal static class SmallCircuit
{
    /// <summary>A cache folder of all tests: its parameters are derived once.</summary>
    public static string Folder { get; } = Path.Combine(Path.GetTempPath(), "midnightos-tests-zk-params");

    /// <summary>A request to prove a call.</summary>
    public static async Task<ProveRequest> ProveAsync() =>
        ProveRequestParser.TryParseProve(await OfficialBodies.OfAsync("prove"), out var request, out var error) ? request : throw new InvalidOperationException(error.ToString());

    /// <summary>A request to check a call.</summary>
    public static async Task<CheckRequest> CheckAsync() =>
        ProveRequestParser.TryParseCheck(await OfficialBodies.OfAsync("check"), out var request, out var error) ? request : throw new InvalidOperationException(error.ToString());

    /// <summary>A request to prove a transaction with a call.</summary>
    public static async Task<ProveTransactionRequest> ProveTransactionAsync() =>
        ProveRequestParser.TryParseProveTransaction(await OfficialBodies.OfAsync("proveTransaction"), out var request, out var error) ? request : throw new InvalidOperationException(error.ToString());

    /// <summary>Bytes with one of them changed.</summary>
    public static ReadOnlyMemory<byte> Changed(ReadOnlyMemory<byte> bytes, int at, byte mask = 1)
    {
        var copy = bytes.ToArray();
        copy[at] ^= mask;
        return copy;
    }
}
