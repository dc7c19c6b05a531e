using Microsoft.IdentityModel.Tokens;
using MidnightOS.Api.Auth.Entra;

namespace MidnightOS.Tests.Unit.Api;

/// <summary>What the failures of a validation mean; they are as Microsoft.Identity.Web was seen to give them.</summary>
public sealed class EntraFailureTests
{
    private static readonly IOException NoDocument = new("IDX20804", new HttpRequestException("Name or service not known"));

    [Fact]
    public void IsOutage_EntraWasNotReached_IsTrueHoweverDeepItLies()
    {
        Assert.True(EntraFailure.IsOutage(new SecurityTokenInvalidIssuerException("IDX40001", new InvalidOperationException("IDX20803", NoDocument))));
        Assert.True(EntraFailure.IsOutage(new InvalidOperationException("IDX20803", new IOException("IDX20807"))));
        Assert.True(EntraFailure.IsOutage(new InvalidOperationException("IDX20803", new TaskCanceledException("timeout"))));
        Assert.True(EntraFailure.IsOutage(new AggregateException(new SecurityTokenMalformedException("IDX14100"), new SecurityTokenException("x", NoDocument))));
    }

    [Fact]
    public void IsOutage_TokenIsWrong_IsFalse()
    {
        Assert.False(EntraFailure.IsOutage(new SecurityTokenMalformedException("IDX14100")));
        Assert.False(EntraFailure.IsOutage(new SecurityTokenInvalidAudienceException("IDX10214")));
        Assert.False(EntraFailure.IsOutage(new AggregateException(new SecurityTokenExpiredException("IDX10223"), new SecurityTokenInvalidSignatureException("IDX10511"))));
    }

    [Fact]
    public void IsOfUnknownKey_NoKeyFits_IsTrueForThatAlone()
    {
        Assert.True(EntraFailure.IsOfUnknownKey(new SecurityTokenSignatureKeyNotFoundException("IDX10500")));
        Assert.True(EntraFailure.IsOfUnknownKey(new AggregateException(new SecurityTokenMalformedException("IDX14100"), new SecurityTokenSignatureKeyNotFoundException("IDX10503"))));
        Assert.False(EntraFailure.IsOfUnknownKey(new SecurityTokenInvalidSignatureException("IDX10511")));
    }
}
