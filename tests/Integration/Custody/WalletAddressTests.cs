using MidnightOS.Core.Chain;
using MidnightOS.Custody.Wallets;
using MidnightOS.Custody.Wallets.Mnemonics;
using MidnightOS.Tests.Integration.Ledger;

namespace MidnightOS.Tests.Integration.Custody;

/// <summary>What custody hands to the real ledger gives the addresses that official tools show for the exported words (docs/adr/0004).</summary>
public sealed class WalletAddressTests
{
    [Fact]
    public async Task DeriveAsync_SeedOfKnownWords_GivesTheAddressesOfOfficialTools()
    {
        await using var pool = new PoolUnderTest();
        var entropy = new byte[Mnemonic.EntropyBytes];
        using var secret = new WalletSecret(Mnemonic.Seed(entropy));

        var preview = await pool.Ledger.DeriveAsync(secret, new NetworkId("preview"), default);
        var undeployed = await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, default);

        Assert.Equal(string.Concat(Enumerable.Repeat("abandon ", 23)) + "art", Mnemonic.Words(entropy));
        Assert.Equal("mn_addr_preview19kxg8sxrsty37elmm6yd68tuy7prryjst2r48eapf2fdtd8z4gpq8xczf2", preview.UnshieldedAddress);
        Assert.Equal("mn_addr_undeployed19kxg8sxrsty37elmm6yd68tuy7prryjst2r48eapf2fdtd8z4gpqauuvtx", undeployed.UnshieldedAddress);
        Assert.Equal("mn_dust_undeployed1wwd54rhuw4nqajtn34qjslfk0hdc6jlspdkqvvlmmjrsuckpzurpwkns5qg", undeployed.DustAddress);
    }
}
