using System.Text;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Tests.Unit.Prover;

public sealed class ProveRequestParserTests
{
    private const string Short = "failed to fill whole buffer";

    private static readonly int Start = WireTags.Prove.Length;

    [Fact]
    public void TryParseProve_EveryFieldPresent_GivesThemAll()
    {
        var request = Prove(Bodies.Prove());
        Assert.Equal(Bodies.Preimage(), request.Preimage.ToArray());
        Assert.Equal("count", request.KeyLocation);
        Assert.Equal(Bodies.Highest, request.BindingInput?.ToArray());
        Assert.Equal(Bodies.Keys.Hash, request.Keys?.Hash);
    }

    [Fact]
    public void TryParseProve_NeitherKeysNorBinding_GivesNull()
    {
        var request = Prove(ProveRequestWriter.Write(new ProveRequest(Bodies.Preimage(), "count", null, null)));
        Assert.Null(request.Keys);
        Assert.Null(request.BindingInput);
    }

    [Fact]
    public void TryParseProve_Keys_AreSlicesOfTheBody()
    {
        var body = Bodies.Prove();
        var keys = Prove(body).Keys!;
        body.AsSpan().Clear();
        Assert.All(new[] { keys.ProverKey, keys.VerifierKey, keys.Ir }, static part => Assert.All(part.ToArray(), static b => Assert.Equal(0, b)));
    }

    [Fact]
    public void TryParseCheck_WithAndWithoutACircuit_GivesIt()
    {
        Assert.True(ProveRequestParser.TryParseCheck(Bodies.Check(), out var with, out _));
        Assert.Equal(Bodies.Keys.Ir.ToArray(), with.Ir?.ToArray());
        Assert.True(ProveRequestParser.TryParseCheck(ProveRequestWriter.Write(with with { Ir = null }), out var without, out _));
        Assert.Null(without.Ir);
        Assert.Equal(Bodies.Preimage(), without.Preimage.ToArray());
        Assert.Equal("count", without.KeyLocation);
    }

    [Fact]
    public void TryParseProveTransaction_NodesAndKeys_AreTakenApart()
    {
        Assert.True(ProveRequestParser.TryParseProveTransaction(Bodies.ProveTransaction(), out var request, out _));
        Assert.Equal(WireTags.UnprovenTransaction + "\f\0\u0004\u0007\u0004\0\b\u0007\u0007\b\0\u0004\0", Encoding.Latin1.GetString(request.Transaction.Span));
        Assert.Equal(["count", "é"], request.Keys.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TryParse_WrittenAgain_IsTheSameBody()
    {
        Assert.Equal(Bodies.Prove(), ProveRequestWriter.Write(Prove(Bodies.Prove())));
        Assert.True(ProveRequestParser.TryParseProveTransaction(Bodies.ProveTransaction(), out var request, out _));
        Assert.Equal(Bodies.ProveTransaction(), ProveRequestWriter.Write(request));
    }

    [Fact]
    public void TryParse_EveryTruncation_IsAnErrorWithinTheBody()
    {
        foreach (var (body, parse) in Kinds())
        {
            for (var length = 0; length < body.Length; length++)
            {
                var error = parse(body.AsMemory(0, length));
                Assert.NotNull(error);
                Assert.InRange(error.Offset, 0, length);
            }

            Assert.Null(parse(body));
        }
    }

    [Fact]
    public void TryParse_OneByteMore_SaysHowManyRemain()
    {
        foreach (var (body, parse) in Kinds())
        {
            var error = parse((byte[])[.. body, 0]);
            Assert.Equal(body.Length, error?.Offset);
            Assert.EndsWith("; 1 bytes remaining", error?.Answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, "invalid old discriminant for ProofPreimageVersioned: 0")]
    [InlineData(2, "unknown discriminant for ProofPreimageVersioned: 2")]
    public void TryParseProve_OtherVersion_IsRefused(byte version, string answer)
    {
        var body = Bodies.Prove();
        body[Start] = version;
        AssertError(body, Start, answer);
    }

    [Fact]
    public void TryParseProve_OtherTag_SaysWhichWasExpected()
    {
        var error = Error(Bodies.Check());
        Assert.Equal(0, error.Offset);
        Assert.StartsWith($"expected header tag '{WireTags.Prove}', got 'midnight:(proof-preimage-versioned,option(wrapped-ir)):", error.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParseProve_TagOfOtherBytes_IsSaidWithoutThem() =>
        Assert.Equal($"expected header tag '{WireTags.Prove}', got 'a\uFFFD\uFFFDb\uFFFD'", Error([(byte)'a', 0x01, 0xff, (byte)'b', (byte)'<']).Answer);

    [Theory]
    [InlineData("13 00000000 00000010", 0, "out of range for u32")] // 2^60
    [InlineData("03 ffffffff", 0, Short)] // 2^32 - 1 inputs
    [InlineData("01 00", 0, "non-canonical scale encoding")]
    [InlineData("02 ff 00 00", 0, "non-canonical scale encoding")]
    [InlineData("07 01 00 00 00 00", 0, "non-canonical scale encoding")]
    [InlineData("07 ff ff ff ff 01", 0, "out of range for u32")]
    [InlineData("04 73 01000000fffffffffe5bfeff02a4bd5305d8a10908d83933487d9d2953a7ed73", 1, "out of range for Fr")] // the modulus
    [InlineData("04 73 ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 1, "out of range for Fr")]
    [InlineData("04 77 ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff01", 1, "out of range for $ty")]
    [InlineData("04 73 0000000000000000000000000000000000000000000000000000000000000000", 1, "non-canonical scale encoding")]
    [InlineData("04 01 00", 1, "non-canonical scale encoding")]
    [InlineData("00 00 00 00 00 02", 5, "Invalid discriminant: 2.")] // the commitment's option
    [InlineData("00 00 00 00 00 00 0c ff 41 41 00 00", 7, "invalid utf-8 sequence of 1 bytes from index 0")]
    [InlineData("00 00 00 00 00 00 0c 41 e2 82 00 00", 8, "incomplete utf-8 byte sequence from index 1")]
    [InlineData("00 00 00 00 00 00 00 02", 7, "Invalid discriminant: 2.")] // of the keys
    [InlineData("00 00 00 00 00 00 00 01 0c 41", 8, Short)]
    [InlineData("00 00 00 00 00 00 00 00 02", 8, "Invalid discriminant: 2.")] // of the binding input
    [InlineData("00 00 00 00 00 00 00 00 01 73 01000000fffffffffe5bfeff02a4bd5305d8a10908d83933487d9d2953a7ed73", 9, "out of range for Fr")]
    public void TryParseProve_WrongBytes_SaysWhereAndWhat(string hex, int offset, string answer)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        AssertError([.. Encoding.ASCII.GetBytes(WireTags.Prove), 1, .. bytes], Start + 1 + offset, answer);
    }

    [Fact]
    public void TryParseProve_NumberInFourWholeBytesThatWouldFitLess_IsTakenAsTheOfficialServerDoes() =>
        Assert.NotNull(Prove([.. Encoding.ASCII.GetBytes(WireTags.Prove), 1, 4, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));

    [Theory]
    [InlineData("00 00", "no nodes")]
    [InlineData("04 04 00 00 00", "error deserializing storage graph: child node index 0 out of range of processed nodes 0")]
    [InlineData("04 00 00 0e ffff", Short)]
    public void TryParseProveTransaction_WrongBytes_SaysWhat(string hex, string answer)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(WireTags.ProveTransaction), .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))];
        Assert.False(ProveRequestParser.TryParseProveTransaction(body, out _, out var error));
        Assert.Equal(answer, error.Answer);
    }

    [Fact]
    public void TryParse_MoreThanIsTaken_IsRefusedBeforeItIsRead()
    {
        byte[] fields = [.. Encoding.ASCII.GetBytes(WireTags.Prove), 1, .. new WireWriter().Number(ProveRequestParser.MostFields + 1).ToArray(), .. new byte[ProveRequestParser.MostFields + 9]];
        AssertError(fields, Start + 1, $"too many: {ProveRequestParser.MostFields + 1}");
        byte[] keys = [.. Encoding.ASCII.GetBytes(WireTags.ProveTransaction), 4, 0, 0, .. new WireWriter().Number(ProveRequestParser.MostKeys + 1).ToArray(), .. new byte[5 * ProveRequestParser.MostKeys]];
        Assert.False(ProveRequestParser.TryParseProveTransaction(keys, out _, out var error));
        Assert.Equal($"too many: {ProveRequestParser.MostKeys + 1}", error.Answer);
    }

    [Theory]
    [InlineData(1, ProveRequestParser.MostLocationBytes)]
    [InlineData(100, ProveRequestParser.MostLocationBytes / 100)]
    public void TryParseProveTransaction_LocationsLongerThanAWorkersHeaderTakes_AreRefused(int count, int length)
    {
        var body = new WireWriter().Tag(WireTags.ProveTransaction).Raw([4, 0, 0]).Number((ulong)count);
        for (var number = 0; number < count; number++)
        {
            body.Bytes(Encoding.ASCII.GetBytes($"{number}".PadLeft(length, 'x'))).Keys(Bodies.Keys);
        }

        Assert.False(ProveRequestParser.TryParseProveTransaction(body.ToArray(), out _, out var error));
        Assert.StartsWith("too long: ", error.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_AbsurdLengths_AllocateNothingForThem()
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(WireTags.Prove), 1, 0x03, 0xff, 0xff, 0xff, 0x3f];
        _ = Error(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Error(body);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact]
    public void TryParseIr_OtherTag_IsTheOfficialAnswer()
    {
        Assert.True(ProveRequestParser.TryParseIr(Encoding.ASCII.GetBytes(WireTags.Ir + "x"), out _));
        Assert.False(ProveRequestParser.TryParseIr("midnight:ir-source[v3]:"u8.ToArray(), out var error));
        Assert.Equal("Unsupported ZKIR version", error.Answer);
    }

    private static IEnumerable<(byte[] Body, Func<ReadOnlyMemory<byte>, ProtocolError?> Parse)> Kinds() =>
    [
        (Bodies.Prove(), static body => ProveRequestParser.TryParseProve(body, out _, out var error) ? null : error),
        (Bodies.Check(), static body => ProveRequestParser.TryParseCheck(body, out _, out var error) ? null : error),
        (Bodies.ProveTransaction(), static body => ProveRequestParser.TryParseProveTransaction(body, out _, out var error) ? null : error),
    ];

    private static ProveRequest Prove(byte[] body)
    {
        Assert.True(ProveRequestParser.TryParseProve(body, out var request, out var error), error?.ToString());
        return request;
    }

    private static ProtocolError Error(byte[] body)
    {
        Assert.False(ProveRequestParser.TryParseProve(body, out _, out var error));
        return error;
    }

    private static void AssertError(byte[] body, int offset, string answer)
    {
        var error = Error(body);
        Assert.Equal((offset, answer), (error.Offset, error.Answer));
    }
}
