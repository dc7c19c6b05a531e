using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;
using MidnightOS.Midnight.Addresses;

namespace MidnightOS.Tests.Unit.Midnight.Addresses;

/// <summary>The addresses here were made with @midnight-ntwrk/wallet-sdk-address-format 3.1.2; the malformed ones with @scure/base.</summary>
public sealed class AddressCodecTests
{
    private const string Address = "mn_addr_undeployed1cvd6f86wyehgw67tuz284dqq34gk9a53syqj2yzhn2a60lahjxlqgt89nr";

    private readonly AddressCodec _codec = new();

    [Theory]
    [InlineData("undeployed", "0000000000000000000000000000000000000000000000000000000000000000", "mn_addr_undeployed1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqze2h07")]
    [InlineData("undeployed", "c31ba49f4e266e876bcbe0947ab4008d5162f69181012510579abba7ffb791be", "mn_addr_undeployed1cvd6f86wyehgw67tuz284dqq34gk9a53syqj2yzhn2a60lahjxlqgt89nr")]
    [InlineData("undeployed", "33ed78637e92f9dafb9edd59c1860fee497206a1e5695d926b285c4f37e5d6bf", "mn_addr_undeployed1x0khscm7jtua47u7m4vurps0aeyhyp4pu454mynt9pwy7dl966ls32uxjd")]
    [InlineData("preview", "0000000000000000000000000000000000000000000000000000000000000000", "mn_addr_preview1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqcrwedj")]
    [InlineData("preview", "62bef4c482dfc6de1d32111442536996b2cfa9358e503ef40d10d9c347faf49e", "mn_addr_preview1v2l0f3yzmlrdu8fjzy2yy5mfj6evl2f43egraaqdzrvux3l67j0qhfkrek")]
    [InlineData("preview", "f15767e6a133d670252a2a6d0796a32f4dd67f0ce5489ba6af926b8391a81aaf", "mn_addr_preview179tk0e4px0t8qff29fks094r9axavlcvu4yfhf40jf4c8ydgr2hswtdzhf")]
    [InlineData("preprod", "0000000000000000000000000000000000000000000000000000000000000000", "mn_addr_preprod1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqczsf70")]
    [InlineData("preprod", "9a9921c4e12e054f1e0ad3e48212ec5a023338a2e470ccef02f1ba2469239bcd", "mn_addr_preprod1n2vjr38p9cz578s260jgyyhvtgprxw9zu3cvemcz7xazg6frn0xsvpz24x")]
    [InlineData("preprod", "9c8f8a99c72840d5180b347c041a623ff0a6910ef3075f9499cd8f0e85a9240a", "mn_addr_preprod1nj8c4xw89pqd2xqtx37qgxnz8lc2dygw7vr4l9yeek8sapdfys9qj68p7k")]
    [InlineData("mainnet", "0000000000000000000000000000000000000000000000000000000000000000", "mn_addr1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqrkymac")]
    [InlineData("mainnet", "e9b7e165ec16b02c353f7bb0a3bbf2c75bff35d7da5fa4ecea18fe153a1dc3bb", "mn_addr1axm7ze0vz6czcdfl0wc28wljcadl7dwhmf06fm82rrlp2wsacwas37umu5")]
    [InlineData("mainnet", "07b54eede2c332564a805b56cd2967db31bb27a13aef3abd710d3682552cadb0", "mn_addr1q765am0zcve9vj5qtdtv62t8mvcmkfap8thn40t3p5mgy4fv4kcqcnltkp")]
    [InlineData("my-private-net", "0000000000000000000000000000000000000000000000000000000000000000", "mn_addr_my-private-net1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqtgefgp")]
    [InlineData("my-private-net", "880e7acf36b7ebb64872f947eb3f27618c18a630f336ea5c74f2cf7b4c251301", "mn_addr_my-private-net13q884nekkl4mvjrjl9r7k0e8vxxp3f3s7vmw5hr57t8hknp9zvqsz9cn95")]
    [InlineData("my-private-net", "06584f7840b66153af4893fd447f8829690cbbc37115731efa341af6a71bf43b", "mn_addr_my-private-net1qevy77zqkes48t6gj075glug995sew7rwy2hx8h6xsd0dfcm7sastzvxzg")]
    public void ParseAndEncode_AddressOfTheOfficialPackage_Agree(string network, string hex, string text)
    {
        var parsed = _codec.ParseUnshielded(text, new NetworkId(network)).Value;

        Assert.Equal(new UnshieldedAddress(text, hex), parsed);
        Assert.Equal(parsed, _codec.EncodeUnshielded(hex, new NetworkId(network)));
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData("hello", "not a Midnight address")]
    [InlineData("mn_addr_undeployed", "not a Midnight address")]
    [InlineData(" mn_addr_undeployed1cvd6f86wyehgw67tuz284dqq34gk9a53syqj2yzhn2a60lahjxlqgt89nr", "not a Midnight address")]
    [InlineData("mn_addr_undeployed1cCd6f86wyehgw67tuz284dqq34gk9a53syqj2yzhn2a60lahjxlqgt89nr", "mixes upper and lower")]
    [InlineData("mn_addr_undeployed1cvd6f86wyehgw67tuz284dqq34gk9a53syqj2yzhn2a60lahjxlqgt89nq", "checksum")]
    [InlineData("mn_addr_undeployed1cvd6f86wyehwg67tuz284dqq34gk9a53syqj2yzhn2a60lahjxlqgt89nr", "checksum")]
    [InlineData("mn_addr_undeployed1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq2qf56rpz", "checksum")]
    [InlineData("bc1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq2qklwwe0", "not a Midnight address")]
    [InlineData("mn_addr_mainnet1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq2qsel5cq", "not a Midnight address")]
    [InlineData("mn_addr_undeployed1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfqp3m8rq", "length")]
    [InlineData("mn_addr_undeployed1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq282t5z0sw", "length")]
    [InlineData("mn_addr_undeployed1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpl07zjv", "length")]
    [InlineData("mn_addr_undeployed1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqy75wv4", "length")]
    [InlineData("mn_shield-addr_undeployed1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq28tttesyuh7fux42uhgt2ucu0nxygczlk00963290nzanz9ks93uckud6tp", "shielded address")]
    [InlineData("mn_dust_undeployed1ylfq506wams88slkpl5cuqgaftzgj", "DUST address")]
    [InlineData("mn_shield-cpk_undeployed1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq2q56s8ay", "public key")]
    [InlineData("mn_shield-esk_undeployed1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq282hzcg6u", "secret key")]
    [InlineData("mn_shield-addr1lprgn0gprm9lkcl3f20se259x09c6jwapkk2zmrucqwqjtqtfq28tttesyuh7fux42uhgt2ucu0nxygczlk00963290nzanz9ks93uczkp373", "shielded address")]
    [InlineData("mn_addr_preview179tk0e4px0t8qff29fks094r9axavlcvu4yfhf40jf4c8ydgr2hswtdzhf", "network preview")]
    [InlineData("mn_addr1axm7ze0vz6czcdfl0wc28wljcadl7dwhmf06fm82rrlp2wsacwas37umu5", "network mainnet")]
    public void ParseUnshielded_WrongAddress_SaysWhatIsWrong(string? text, string sentence)
    {
        var error = _codec.ParseUnshielded(text, NetworkId.Undeployed).Error!;

        Assert.Equal(ErrorCodes.InvalidAddress, error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseUnshielded_UpperCase_IsLowered() =>
        Assert.Equal(Address, _codec.ParseUnshielded(Address.ToUpperInvariant(), NetworkId.Undeployed).Value.Text);

    [Fact]
    public void ParseUnshielded_AnyCharacterReplaced_IsRefused()
    {
        for (var at = 0; at < Address.Length; at++)
        {
            var replaced = Address[..at] + (Address[at] == 'q' ? 'p' : 'q') + Address[(at + 1)..];

            Assert.False(_codec.ParseUnshielded(replaced, NetworkId.Undeployed).IsSuccess, replaced);
        }
    }

    [Fact]
    public void EncodeUnshielded_OtherThan32Bytes_Throws() =>
        Assert.Throws<ArgumentException>(() => _codec.EncodeUnshielded("00", NetworkId.Undeployed));
}
