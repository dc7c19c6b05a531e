using System.Text;

namespace MidnightOS.Prover.Protocol;

/// <summary>Writes the bodies that <see cref="ProveRequestParser"/> reads, byte for byte as official clients do.</summary>
internal static class ProveRequestWriter
{
    // Tags, lengths and a binding input.
    private const int Around = 256;

    /// <summary>The body of <c>POST /prove</c>.</summary>
    public static byte[] Write(ProveRequest request)
    {
        var writer = new WireWriter(Around + request.Preimage.Length + (int)(request.Keys?.Length ?? 0)).Tag(WireTags.Prove).Raw([WireTags.VersionTwo]).Raw(Body(request.Preimage, WireTags.Preimage));
        _ = request.Keys is { } keys ? writer.Raw([1]).Keys(keys) : writer.Raw([0]);
        _ = request.BindingInput is { } binding ? writer.Raw([1]).Compact(binding.Span) : writer.Raw([0]);
        return writer.ToArray();
    }

    /// <summary>The body of <c>POST /check</c>.</summary>
    public static byte[] Write(CheckRequest request)
    {
        var writer = new WireWriter(Around + request.Preimage.Length + (request.Ir?.Length ?? 0)).Tag(WireTags.Check).Raw([WireTags.VersionTwo]).Raw(Body(request.Preimage, WireTags.Preimage));
        _ = request.Ir is { } ir ? writer.Raw([1]).Bytes(ir.Span) : writer.Raw([0]);
        return writer.ToArray();
    }

    /// <summary>The body of <c>POST /prove-tx</c>; the keys in the order of their locations' bytes, as the official clients write them.</summary>
    public static byte[] Write(ProveTransactionRequest request)
    {
        var writer = new WireWriter(Around + request.Transaction.Length + (int)request.Keys.Values.Sum(static keys => keys.Length)).Tag(WireTags.ProveTransaction).Raw(Body(request.Transaction, WireTags.UnprovenTransaction)).Number((ulong)request.Keys.Count);
        var ordered = request.Keys.Select(static pair => (Location: Encoding.UTF8.GetBytes(pair.Key), pair.Value))
            .OrderBy(static pair => Convert.ToHexString(pair.Location), StringComparer.Ordinal);
        foreach (var (location, keys) in ordered)
        {
            writer.Bytes(location).Keys(keys);
        }

        return writer.ToArray();
    }

    private static ReadOnlySpan<byte> Body(ReadOnlyMemory<byte> tagged, string tag) =>
        tagged.Length >= tag.Length && Ascii.Equals(tagged.Span[..tag.Length], tag)
            ? tagged.Span[tag.Length..]
            : throw new ArgumentException($"{tag} was expected first.", nameof(tagged));
}
