using MidnightOS.Midnight.Addresses;

namespace MidnightOS.Tests.Unit.Midnight.Addresses;

/// <summary>The vectors of BIP-350, but for the one that breaks only its limit of 90 characters.</summary>
public sealed class Bech32mTests
{
    [Theory]
    [InlineData("A1LQFN3A")]
    [InlineData("a1lqfn3a")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6")]
    [InlineData("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx")]
    [InlineData("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8")]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperredlc445v")]
    [InlineData("?1v759aa")]
    public void TryDecode_ValidVector_IsRead(string text) =>
        Assert.Equal(nameof(Bech32mFault.None), Bech32m.TryDecode(text, out _, out _).ToString());

    [Theory]
    [InlineData(" 1xj0phk", "Malformed")]
    [InlineData("\u007f1g6xzxy", "Malformed")]
    [InlineData("\u00801vctc34", "Malformed")]
    [InlineData("qyrz8wqd2c9m", "Malformed")]
    [InlineData("1qyrz8wqd2c9m", "Malformed")]
    [InlineData("y1b0jsk6g", "Malformed")]
    [InlineData("lt1igcx5c0", "Malformed")]
    [InlineData("in1muywd", "Malformed")]
    [InlineData("mm1crxm3i", "Malformed")]
    [InlineData("au1s5cgom", "Malformed")]
    [InlineData("M1VUXWEZ", "Checksum")]
    [InlineData("16plkw9", "Malformed")]
    [InlineData("1p2gdwpf", "Malformed")]
    [InlineData("A1lqfn3a", "MixedCase")]
    [InlineData("a12uel5l", "Checksum")]
    public void TryDecode_InvalidVector_SaysWhatIsWrong(string text, string fault) =>
        Assert.Equal(fault, Bech32m.TryDecode(text, out _, out _).ToString());

    [Fact]
    public void Encode_AnyLength_ReadsBack()
    {
        for (var length = 0; length < 100; length++)
        {
            byte[] bytes = [.. Enumerable.Range(1, length).Select(number => (byte)(number * 37))];

            var fault = Bech32m.TryDecode(Bech32m.Encode("mn_test", bytes), out var prefix, out var values);

            Assert.Equal(nameof(Bech32mFault.None), fault.ToString());
            Assert.Equal("mn_test", prefix);
            Assert.Equal(bytes, Bech32m.ToBytes(values));
        }
    }
}
