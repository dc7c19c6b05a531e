using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Tests.Unit.Wallets;

public sealed class CoinSelectionTests
{
    [Fact]
    public void Choose_OneCoinOfExactlyTheAmount_TakesItWithoutChange()
    {
        var choice = CoinSelection.Choose(Coins(3, 5, 9), new Amount(5));
        Assert.Equal(CoinChoiceOutcome.Chosen, choice.Outcome);
        Assert.Equal([5], Values(choice));
        Assert.True(choice.Rest.IsZero);
    }

    [Fact]
    public void Choose_NoExactCoin_TakesTheSmallestThatCoversWithChange()
    {
        var choice = CoinSelection.Choose(Coins(100, 3, 8, 20), new Amount(7));
        Assert.Equal([8], Values(choice));
        Assert.Equal(new Amount(1), choice.Rest);
    }

    [Fact]
    public void Choose_ManySmallCoins_TakesTheLargestUntilTheyCover()
    {
        var choice = CoinSelection.Choose(Coins(1, 2, 3, 4, 5), new Amount(10));
        Assert.Equal([5, 4, 3], Values(choice));
        Assert.Equal(new Amount(2), choice.Rest);
    }

    [Fact]
    public void Choose_AllCoinsExactly_LeavesNoChange()
    {
        var choice = CoinSelection.Choose(Coins(1, 2, 3), new Amount(6));
        Assert.Equal([3, 2, 1], Values(choice));
        Assert.True(choice.Rest.IsZero);
    }

    [Fact]
    public void Choose_TooLittle_SaysHowMuchThereIs()
    {
        var choice = CoinSelection.Choose(Coins(1, 2), new Amount(4));
        Assert.Equal(CoinChoiceOutcome.NotEnough, choice.Outcome);
        Assert.Empty(choice.Coins);
        Assert.Equal(new Amount(3), choice.Rest);
    }

    [Theory]
    [InlineData(3, CoinChoiceOutcome.Chosen)]
    [InlineData(4, CoinChoiceOutcome.TooManyInputs)]
    public void Choose_AtTheCapOfInputs_IsExact(int amount, CoinChoiceOutcome expected)
    {
        var choice = CoinSelection.Choose(Coins(1, 1, 1, 1), new Amount((UInt128)amount), maxInputs: 3);
        Assert.Equal(expected, choice.Outcome);
        Assert.Equal(new Amount(expected is CoinChoiceOutcome.Chosen ? 0u : 3u), choice.Rest);
    }

    [Fact]
    public void Choose_EqualCoins_IsTheSameWhateverTheirOrder()
    {
        var coins = Coins(4, 4, 4, 4);
        var forwards = CoinSelection.Choose(coins, new Amount(7));
        var backwards = CoinSelection.Choose([.. coins.Reverse()], new Amount(7));
        Assert.Equal(forwards.Coins.Select(static coin => coin.Id), backwards.Coins.Select(static coin => coin.Id));
    }

    [Fact]
    public void Choose_NothingToPay_IsABug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CoinSelection.Choose(Coins(1), Amount.Zero));

    private static Coin[] Coins(params int[] values) =>
        [.. values.Select(static (value, index) => new Coin(index.ToString("x64"), 0, new Amount((UInt128)value), Token.Night.Type))];

    private static int[] Values(CoinChoice choice) => [.. choice.Coins.Select(static coin => (int)coin.Value.Atomic)];
}
