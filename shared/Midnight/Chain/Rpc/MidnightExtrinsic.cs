namespace MidnightOS.Midnight.Chain.Rpc;

/// <summary>The unsigned extrinsic that carries a Midnight transaction: <c>compact(length) 04 05 00 compact(n) transaction</c>.</summary>
/// <remarks><c>04</c> is an unsigned extrinsic of format version 4, <c>05 00</c> the call <c>send_mn_transaction</c> of pallet midnight (midnight-node, runtime).</remarks>
internal static class MidnightExtrinsic
{
    private static readonly byte[] Call = [0x04, 0x05, 0x00];

    /// <summary>Frames the ledger's bytes of a bound transaction, as hex with <c>0x</c>.</summary>
    public static string Encode(ReadOnlySpan<byte> transaction)
    {
        var inner = ScaleCompact.Encode((ulong)transaction.Length);
        var outer = ScaleCompact.Encode((ulong)(Call.Length + inner.Length + transaction.Length));
        byte[] bytes = [.. outer, .. Call, .. inner, .. transaction];
        return "0x" + Convert.ToHexStringLower(bytes);
    }
}
