using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Api.Auth.Entra;

/// <summary>Why a token of Entra was not taken. Validators tell it by exceptions that hold each other.</summary>
internal static class EntraFailure
{
    /// <summary>Whether Entra could not be asked, so that nothing can be said of the token.</summary>
    public static bool IsOutage(Exception failure) => Reasons(failure).Any(static reason => reason is HttpRequestException or IOException or OperationCanceledException);

    /// <summary>Whether the token's key is not known, as none is while Entra's cannot be had.</summary>
    public static bool IsOfUnknownKey(Exception failure) => Reasons(failure).Any(static reason => reason is SecurityTokenSignatureKeyNotFoundException);

    private static IEnumerable<Exception> Reasons(Exception failure)
    {
        IEnumerable<Exception> inner = failure is AggregateException { InnerExceptions: var several } ? several : failure.InnerException is { } one ? [one] : [];
        return inner.SelectMany(Reasons).Prepend(failure);
    }
}
