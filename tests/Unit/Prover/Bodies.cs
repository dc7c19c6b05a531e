using MidnightOS.Prover.Protocol;

namespace MidnightOS.Tests.Unit.Prover;

/// <summary>Small bodies that are right, written by hand.</summary>
internal static class Bodies
{
    /// <summary>A preimage with every field: two inputs, a private one, three public inputs, an output, binding input, commitment, the location <c>count</c>.</summary>
    public static byte[] Preimage() => new WireWriter().Tag(WireTags.Preimage)
        .Raw([8, 0x04, 0x81, 0x3e]).Raw([4, 0xfe, 0xff, 0xff, 0xff]).Raw([12, 0x00, 0x04, 0x08]).Raw([4]).Compact(Highest)
        .Raw([0x04]).Raw([1]).Number(5).Number(1UL << 40).Bytes("count"u8).ToArray();

    public static KeyMaterial Keys { get; } = new("prover key"u8.ToArray(), "verifier"u8.ToArray(), "circuit"u8.ToArray());

    /// <summary>The modulus less one: the highest element of the field.</summary>
    public static byte[] Highest { get; } = Convert.FromHexString("00000000ffffffff" + "fe5bfeff02a4bd53" + "05d8a10908d83933" + "487d9d2953a7ed73");

    /// <summary>A prove request of its own: each number gives another.</summary>
    public static byte[] Prove(int number) => ProveRequestWriter.Write(
        new ProveRequest(Preimage(), "count", Keys with { Ir = System.Text.Encoding.ASCII.GetBytes($"circuit {number}") }, Highest));

    public static byte[] Prove() => ProveRequestWriter.Write(new ProveRequest(Preimage(), "count", Keys, Highest));

    public static byte[] Check() => ProveRequestWriter.Write(new CheckRequest(Preimage(), "count", Keys.Ir));

    /// <summary>A transaction of three nodes, the last with the two before it as children, and the keys of two circuits.</summary>
    public static byte[] ProveTransaction() => ProveRequestWriter.Write(new ProveTransactionRequest(
        new WireWriter().Tag(WireTags.UnprovenTransaction).Raw([12]).Raw([0, 4, 7]).Raw([4, 0, 8, 7, 7]).Raw([8, 0, 4, 0]).ToArray(),
        new Dictionary<string, KeyMaterial> { ["é"] = Keys, ["count"] = Keys }));
}
