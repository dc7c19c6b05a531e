using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MidnightOS.Prover.Protocol;

/// <summary>Reads the bodies of the official routes. Keys and circuits are slices of the body, so it must live as long as what was read from it.</summary>
/// <remarks>
/// Preimage and transaction are copied once, since the worker wants another tag right before them; they are a private witness, and whoever asked wipes them.
/// What a key or a circuit holds is not read: the worker does, and refuses what it cannot use.
/// </remarks>
internal static class ProveRequestParser
{
    /// <summary>The most elements in a vector of a preimage. The official server has no bound; each element costs it and the worker 32 bytes, of one byte sent.</summary>
    public const int MostFields = 1 << 20;

    /// <summary>The most key materials of a transaction.</summary>
    public const int MostKeys = 1024;

    /// <summary>The most bytes of all their locations together. They travel in the header of a message to the worker, which is bounded.</summary>
    public const int MostLocationBytes = 64 * 1024;

    /// <summary>Reads the body of <c>POST /prove</c>.</summary>
    public static bool TryParseProve(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ProveRequest? request, [NotNullWhen(false)] out ProtocolError? error)
    {
        var reader = new WireReader(body);
        reader.Tag(WireTags.Prove);
        var (from, to, location) = ReadPreimage(ref reader);
        var keys = reader.Option("the key material") ? ReadKeys(ref reader) : null;
        byte[]? binding = null;
        if (reader.Option("the binding input"))
        {
            binding = new byte[ScalarField.Size];
            reader.Field("the binding input", binding);
        }

        reader.End(WireTags.Prove);
        error = reader.Error;
        request = reader.Failed ? null : new ProveRequest(Tagged(WireTags.Preimage, body[from..to]), location, keys, binding is null ? default(ReadOnlyMemory<byte>?) : binding);
        return !reader.Failed;
    }

    /// <summary>Reads the body of <c>POST /check</c>.</summary>
    public static bool TryParseCheck(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out CheckRequest? request, [NotNullWhen(false)] out ProtocolError? error)
    {
        var reader = new WireReader(body);
        reader.Tag(WireTags.Check);
        var (from, to, location) = ReadPreimage(ref reader);
        var ir = reader.Option("the circuit") ? reader.Bytes("the circuit") : default(ReadOnlyMemory<byte>?);
        reader.End(WireTags.Check);
        error = reader.Error;
        request = reader.Failed ? null : new CheckRequest(Tagged(WireTags.Preimage, body[from..to]), location, ir);
        return !reader.Failed;
    }

    /// <summary>Reads the body of <c>POST /prove-tx</c>.</summary>
    /// <remarks>The transaction's length is not declared, but it is a list of nodes that end where they say: what a node means is left to the ledger.</remarks>
    public static bool TryParseProveTransaction(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ProveTransactionRequest? request, [NotNullWhen(false)] out ProtocolError? error)
    {
        var reader = new WireReader(body);
        reader.Tag(WireTags.ProveTransaction);
        var from = reader.Offset;
        SkipNodes(ref reader);
        var to = reader.Offset;
        var keys = new Dictionary<string, KeyMaterial>(StringComparer.Ordinal);
        var (at, locations) = (0, 0);
        for (var count = reader.Count("key materials", 4, MostKeys); count > 0 && !reader.Failed; count--)
        {
            at = reader.Offset;
            var location = reader.Text("a key location");
            if ((locations += reader.Offset - at) > MostLocationBytes)
            {
                reader.Fail(at, $"the key locations have more than {MostLocationBytes} bytes in all", $"too long: {locations}");
            }

            keys[location] = ReadKeys(ref reader);
        }

        reader.End(WireTags.ProveTransaction);
        error = reader.Error;
        request = reader.Failed ? null : new ProveTransactionRequest(Tagged(WireTags.UnprovenTransaction, body[from..to]), keys);
        return !reader.Failed;
    }

    /// <summary>Sees whether the body of <c>POST /k</c> is said to be a circuit; its worker reads it.</summary>
    public static bool TryParseIr(ReadOnlyMemory<byte> body, [NotNullWhen(false)] out ProtocolError? error)
    {
        var reader = new WireReader(body);
        reader.Tag(WireTags.Ir);
        error = reader.Error is { } wrong ? wrong with { Answer = "Unsupported ZKIR version" } : null;
        return !reader.Failed;
    }

    private static (int From, int To, string Location) ReadPreimage(ref WireReader reader)
    {
        var at = reader.Offset;
        var version = reader.Byte("the preimage's version");
        if (version != WireTags.VersionTwo)
        {
            reader.Fail(at, $"version 1 was expected, not {version}", $"{(version == 0 ? "invalid old" : "unknown")} discriminant for ProofPreimageVersioned: {version}");
        }

        var from = reader.Offset;
        reader.Fields("inputs", MostFields);
        reader.Fields("private transcript", MostFields);
        reader.Fields("public inputs", MostFields);
        reader.Fields("public outputs", MostFields);
        Span<byte> element = stackalloc byte[ScalarField.Size];
        reader.Field("the preimage's binding input", element);
        if (reader.Option("the communications commitment"))
        {
            reader.Field("the communications commitment", element);
            reader.Field("the commitment's randomness", element);
        }

        element.Clear();
        var location = reader.Text("the key location");
        return (from, reader.Offset, location);
    }

    private static KeyMaterial ReadKeys(ref WireReader reader) => new(reader.Bytes("the prover key"), reader.Bytes("the verifier key"), reader.Bytes("the circuit"));

    private static void SkipNodes(ref WireReader reader)
    {
        var at = reader.Offset;
        var nodes = reader.Count("the transaction's nodes", 2);
        if (nodes == 0)
        {
            reader.Fail(at, "a transaction without nodes", "no nodes");
        }

        for (var node = 0; node < nodes && !reader.Failed; node++)
        {
            at = reader.Offset;
            for (var children = reader.Count("a node's children", 1); children > 0 && !reader.Failed; children--)
            {
                if (reader.Number("a child's index") is var child && child >= (ulong)node)
                {
                    reader.Fail(at, $"node {node} has a child that is not before it", $"error deserializing storage graph: child node index {child} out of range of processed nodes {node}");
                }
            }

            reader.Bytes("a node");
        }
    }

    private static byte[] Tagged(string tag, ReadOnlyMemory<byte> body)
    {
        var tagged = new byte[tag.Length + body.Length];
        Encoding.ASCII.GetBytes(tag, tagged);
        body.Span.CopyTo(tagged.AsSpan(tag.Length));
        return tagged;
    }
}
