using MidnightOS.Midnight.Chain.Rpc;
using Xunit;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

public sealed class ScaleCompactTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(1UL, "04")]
    [InlineData(63UL, "fc")]
    [InlineData(64UL, "0101")]
    [InlineData(16383UL, "fdff")]
    [InlineData(16384UL, "02000100")]
    [InlineData(1073741823UL, "feffffff")]
    [InlineData(1073741824UL, "0300000040")]
    [InlineData(4294967295UL, "03ffffffff")]
    [InlineData(4294967296UL, "070000000001")]
    [InlineData(100000000000000UL, "0b00407a10f35a")]
    [InlineData(ulong.MaxValue, "13ffffffffffffffff")]
    public void Encode_BoundsOfEachMode_MatchesScale(ulong value, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(ScaleCompact.Encode(value)));

    [Fact]
    public void Encode_ThreeBytes_MatchesKnownExtrinsic() =>
        Assert.Equal("0x1c0405000caabbcc", MidnightExtrinsic.Encode([0xaa, 0xbb, 0xcc]));

    [Fact]
    public void Encode_LongTransaction_FramesBothLengths()
    {
        var transaction = new byte[20_000];
        var bytes = Convert.FromHexString(MidnightExtrinsic.Encode(transaction)[2..]);

        // 20007 = 3 + 4 + 20000 and 20000, both in the four-byte mode.
        Assert.Equal("9e380100040500823801" + "00", Convert.ToHexStringLower(bytes[..11]));
        Assert.Equal(4 + 3 + 4 + transaction.Length, bytes.Length);
    }
}
