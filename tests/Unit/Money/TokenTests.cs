using MidnightOS.Core.Money;

namespace MidnightOS.Tests.Unit.Money;

public sealed class TokenTests
{
    [Theory]
    [InlineData("5", "5000000", "5")]
    [InlineData("0.25", "250000", "0.25")]
    [InlineData("0.000001", "1", "0.000001")]
    [InlineData("007.50", "7500000", "7.5")]
    [InlineData("0", "0", "0")]
    [InlineData("24000000000", "24000000000000000", "24000000000")]
    public void TryParse_Amounts_GivesAtomicUnitsAndBack(string text, string atomic, string formatted)
    {
        Assert.True(Token.Night.TryParse(text, out var amount, out var problem));
        Assert.Null(problem);
        Assert.Equal(atomic, amount.ToString());
        Assert.Equal(formatted, Token.Night.Format(amount));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData(" 1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("0.0000001")]
    [InlineData("٣")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("340282366920938463463374607431768211455")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999999")]
    public void TryParse_WhatIsNoAmount_SaysWhy(string? text)
    {
        Assert.False(Token.Night.TryParse(text, out _, out var problem));
        Assert.False(string.IsNullOrWhiteSpace(problem));
    }

    [Fact]
    public void Arithmetic_OutOfRange_Throws()
    {
        Assert.Throws<OverflowException>(static () => Amount.Zero - new Amount(1));
        Assert.Throws<OverflowException>(static () => new Amount(UInt128.MaxValue) + new Amount(1));
    }

    [Theory]
    [InlineData("night")]
    [InlineData("NIGHT")]
    public void Find_AnyCase_GivesTheToken(string symbol) => Assert.Same(Token.Night, Token.Find(symbol));

    [Fact]
    public void OfType_UnknownToken_IsShownInAtomicUnits()
    {
        var token = Token.OfType(new string('a', 64));
        Assert.Equal("12", token.Format(new Amount(12)));
    }
}
