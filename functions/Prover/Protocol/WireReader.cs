using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MidnightOS.Prover.Protocol;

/// <summary>Reads the ledger's encoding: SCALE-compact numbers, lengths before what they count, tags. It allocates nothing and gives slices of the body.</summary>
/// <remarks>
/// The first error stays and every later read gives nothing, so a format is written down without a branch after each field; loops end with <see cref="Failed"/>.
/// The format has no nesting of its own: nothing here calls itself. Official source: serialize/src/util.rs, transient-crypto/src/curve.rs; the answers are theirs.
/// </remarks>
internal ref struct WireReader(ReadOnlyMemory<byte> body)
{
    private const string Short = "failed to fill whole buffer";

    private readonly ReadOnlySpan<byte> _bytes = body.Span;

    /// <summary>The first error; null while there is none.</summary>
    public ProtocolError? Error { get; private set; }

    /// <summary>The next byte to be read.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether a read failed.</summary>
    [MemberNotNullWhen(true, nameof(Error))]
    public readonly bool Failed => Error is not null;

    private readonly int Remaining => _bytes.Length - Offset;

    /// <summary>Reads a tag with what stands around it.</summary>
    public void Tag(string tag)
    {
        var found = _bytes[Offset..Math.Min(_bytes.Length, Offset + tag.Length)];
        if (!Ascii.Equals(found, tag))
        {
            Fail(Offset, $"the tag {tag} was expected", $"expected header tag '{tag}', got '{Sanitized(found)}'");
            return;
        }

        Offset += tag.Length;
    }

    /// <summary>Reads a byte.</summary>
    public byte Byte(string what)
    {
        if (Failed || Remaining < 1)
        {
            Fail(Offset, $"{what} was expected, the body ends", Short);
            return 0;
        }

        return _bytes[Offset++];
    }

    /// <summary>Reads whether an optional value follows.</summary>
    public bool Option(string what)
    {
        var at = Offset;
        var present = Byte(what);
        if (present > 1)
        {
            Fail(at, $"0 or 1 was expected before {what}, not {present}", $"Invalid discriminant: {present}.");
        }

        return present == 1 && !Failed;
    }

    /// <summary>Reads how many items follow, and sees that they can be there.</summary>
    /// <param name="what">The items.</param>
    /// <param name="least">The fewest bytes of one item.</param>
    /// <param name="most">The most items that are taken.</param>
    public int Count(string what, int least, int most = int.MaxValue)
    {
        var at = Offset;
        var count = Unsigned(sizeof(uint), what);
        if (!Failed && count > (ulong)(Remaining / least))
        {
            Fail(at, $"{count} of {what} were declared, {Remaining} bytes remain", Short);
        }
        else if (!Failed && count > (ulong)most)
        {
            Fail(at, $"{count} of {what} were declared, at most {most} are taken", $"too many: {count}");
        }

        return Failed ? 0 : (int)count;
    }

    /// <summary>Reads a number of 64 bits.</summary>
    public ulong Number(string what) => Unsigned(sizeof(ulong), what);

    /// <summary>Reads bytes behind their length.</summary>
    public ReadOnlyMemory<byte> Bytes(string what)
    {
        var length = Count($"bytes of {what}", 1);
        var slice = body.Slice(Offset, length);
        Offset += length;
        return slice;
    }

    /// <summary>Reads UTF-8 behind its length.</summary>
    public string Text(string what)
    {
        var bytes = Bytes(what).Span;
        for (var at = 0; at < bytes.Length;)
        {
            var status = Rune.DecodeFromUtf8(bytes[at..], out _, out var used);
            if (status != OperationStatus.Done)
            {
                var kind = status == OperationStatus.NeedMoreData ? "incomplete utf-8 byte sequence from" : $"invalid utf-8 sequence of {used} bytes from";
                Fail(Offset - bytes.Length + at, $"{what} is not UTF-8", $"{kind} index {at}");
                return "";
            }

            at += used;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Passes over elements of the scalar field.</summary>
    /// <param name="what">The vector.</param>
    /// <param name="most">The most elements that are taken.</param>
    /// <returns>How many there were.</returns>
    public int Fields(string what, int most)
    {
        var count = Count(what, 1, most);
        Span<byte> element = stackalloc byte[ScalarField.Size];
        for (var i = 0; i < count && !Failed; i++)
        {
            Field(what, element);
        }

        element.Clear();
        return count;
    }

    /// <summary>Reads an element of the scalar field.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="element">Gets its 32 bytes, little-endian.</param>
    public void Field(string what, scoped Span<byte> element)
    {
        var at = Offset;
        Compact(element, what);
        if (!Failed && !ScalarField.IsCanonical(element))
        {
            Fail(at, $"{what} is not below the field's modulus", "out of range for Fr");
        }
    }

    /// <summary>Sees that nothing follows.</summary>
    public void End(string tag)
    {
        if (!Failed && Remaining > 0)
        {
            Fail(Offset, $"{Remaining} bytes follow the end", $"Not all bytes read deserializing '{tag}'; {Remaining} bytes remaining");
        }
    }

    /// <summary>Notes an error, unless there is one already.</summary>
    public void Fail(int offset, string problem, string answer) => Error ??= new ProtocolError(offset, problem, answer);

    private static string Sanitized(ReadOnlySpan<byte> tag)
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(tag).EnumerateRunes())
        {
            text.Append(rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || ":_-()[],".Contains((char)rune.Value, StringComparison.Ordinal)) ? (char)rune.Value : '\uFFFD');
        }

        return text.ToString();
    }

    private ulong Unsigned(int size, string what)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        Compact(value[..size], what);
        return BitConverter.ToUInt64(value);
    }

    // The two lowest bits of the first byte say how the number is written: in 1, 2 or 4 bytes that hold the rest of it, or in as many whole bytes as follow.
    private void Compact(scoped Span<byte> value, string what)
    {
        value.Clear();
        var at = Offset;
        var first = Byte(what);
        var mode = first & 3;
        var length = mode switch { 0 => 0, 1 => 1, 2 => 3, _ => (first >> 2) + 4 };
        if (Failed || Remaining < length)
        {
            Fail(at, $"{what}: a number of {length + 1} bytes was expected, {Remaining + 1} remain", Short);
            return;
        }

        var rest = _bytes.Slice(Offset, length);
        Offset += length;
        if (length > 0 && (mode == 2 ? rest[^1] == 0 && rest[^2] == 0 : rest[^1] == 0))
        {
            Fail(at, $"{what}: a number is written longer than it has to be", "non-canonical scale encoding");
        }
        else if (mode != 3)
        {
            Shifted(first, rest, value);
        }
        else if (length > value.Length)
        {
            Fail(at, $"{what}: a number of {length} bytes, at most {value.Length} are taken", value.Length == ScalarField.Size ? "out of range for $ty" : $"out of range for u{value.Length * 8}");
        }
        else
        {
            rest.CopyTo(value);
        }
    }

    private static void Shifted(byte first, ReadOnlySpan<byte> rest, scoped Span<byte> value)
    {
        uint number = first;
        for (var i = 0; i < rest.Length; i++)
        {
            number |= (uint)rest[i] << (8 * (i + 1));
        }

        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BitConverter.TryWriteBytes(bytes, number >> 2);
        bytes.CopyTo(value);
    }
}
