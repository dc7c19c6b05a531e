using System.Text;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Bodies that were right before something happened to them; the same ones for the same seed.</summary>
internal sealed class MutatedBodies(IReadOnlyList<(string Path, byte[] Body)> originals, int seed)
{
    private static readonly string[] Tags =
    [
        WireTags.Prove, WireTags.Check, WireTags.ProveTransaction, WireTags.Preimage, WireTags.Ir, WireTags.UnprovenTransaction, "midnight:", "midnight:verifier-key[v6]:",
        "midnight:prover-key[v7](ir-source[v2]):", "midnight:ir-source[v3]:", "midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls),option(fr-bls)):",
    ];

    // SCALE: 2^60 in eight bytes, 2^32 - 1 and 2^31 in four, 2^30 - 1, 16,383, the longest number there is.
    private static readonly byte[][] Lengths =
    [
        [0x13, 0, 0, 0, 0, 0, 0, 0, 0x10], [0x03, 0xff, 0xff, 0xff, 0xff], [0x03, 0, 0, 0, 0x80], [0xfe, 0xff, 0xff, 0xff], [0xfd, 0xff], [0xff, .. Enumerable.Repeat((byte)0xff, 67)],
    ];

    private readonly Random _random = new(seed);

    /// <summary>The kinds of what may happen.</summary>
    public static int Kinds => 10;

    /// <summary>The route of the next body, and the body.</summary>
    public (string Path, byte[] Body) Next(int index)
    {
        var (path, original) = originals[index % originals.Count];
        var body = Change(index / originals.Count % Kinds, original);
        return (_random.Next(20) == 0 ? originals[_random.Next(originals.Count)].Path : path, body);
    }

    private byte[] Change(int kind, byte[] body) => kind switch
    {
        0 => Flipped(body, 1),
        1 => Flipped(body, 1 + _random.Next(30)),
        2 => body[..Place(body)],
        3 => Inserted(body, Bytes(1 + _random.Next(40))),
        4 => Doubled(body),
        5 => Inserted(body, Lengths[_random.Next(Lengths.Length)]),
        6 => Overwritten(body, Lengths[_random.Next(Lengths.Length)]),
        7 => [.. Encoding.ASCII.GetBytes(Tags[_random.Next(Tags.Length)]), .. body.AsSpan(TagLength(body))],
        8 => _random.Next(2) == 0 ? Bytes(_random.Next(3000)) : [.. body.AsSpan(0, TagLength(body)), .. Bytes(_random.Next(3000))],
        _ => Without(body),
    };

    private static int TagLength(byte[] body) => body.AsSpan(9).IndexOf((byte)':') + 10;

    // Half of all where the preimage and the first lengths are, a quarter at the end, the rest anywhere: nine of ten bytes are those of a key.
    private int Place(byte[] body) => _random.Next(4) switch
    {
        0 => _random.Next(body.Length),
        1 => Math.Max(0, body.Length - 1 - _random.Next(200)),
        _ => _random.Next(Math.Min(body.Length, 300)),
    };

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Flipped(byte[] body, int times)
    {
        var changed = (byte[])body.Clone();
        for (var i = 0; i < times; i++)
        {
            changed[Place(body)] ^= (byte)(1 << _random.Next(8));
        }

        return changed;
    }

    private byte[] Inserted(byte[] body, byte[] bytes)
    {
        var at = Place(body);
        return [.. body.AsSpan(0, at), .. bytes, .. body.AsSpan(at)];
    }

    private byte[] Overwritten(byte[] body, byte[] bytes)
    {
        var at = Place(body);
        return [.. body.AsSpan(0, at), .. bytes, .. body.AsSpan(Math.Min(body.Length, at + bytes.Length))];
    }

    private byte[] Doubled(byte[] body)
    {
        var (from, to) = (Place(body), Place(body));
        (from, to) = (Math.Min(from, to), Math.Max(from, to));
        return [.. body.AsSpan(0, to), .. body.AsSpan(from, to - from), .. body.AsSpan(to)];
    }

    private byte[] Without(byte[] body)
    {
        var at = Place(body);
        return [.. body.AsSpan(0, at), .. body.AsSpan(Math.Min(body.Length, at + 1 + _random.Next(50)))];
    }
}
