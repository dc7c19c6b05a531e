using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Storage;

namespace MidnightOS.Api.Errors;

/// <summary>What clients are told of an exception: nothing that it says.</summary>
internal static class ExceptionErrors
{
    public static Error Of(Exception exception) => exception switch
    {
        BadHttpRequestException bad => OfBadRequest(bad),
        InvalidContinuationException => Error.Invalid("cursor", "cursor is not one of this list."),
        StorageUnavailableException => Unavailable("The storage is out of reach. Try again later."),
        ChainUnavailableException => Unavailable("The Midnight network is out of reach. Try again later."),
        LedgerUnavailableException => Unavailable("The ledger is busy or restarting. Try again later."),
        IssuerUnavailableException => Unavailable("The issuer of your token is out of reach. Try again later."),
        VaultException or VaultUnavailableException => Unavailable("The key vault is out of reach. Try again later."),
        _ => new Error(ErrorCodes.InternalError, "Something went wrong on our side. The trace id finds it in our logs."),
    };

    private static Error Unavailable(string message) =>
        new(ErrorCodes.UpstreamUnavailable, message) { RetryAfter = TimeSpan.FromSeconds(5) };

    private static Error OfBadRequest(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => NotJson,
        StatusCodes.Status408RequestTimeout => Error.Invalid("body", "The body came too slowly."),
        _ => Malformed,
    };

    /// <summary>A body that is framed wrongly: its length or its chunks.</summary>
    public static Error Malformed { get; } = Error.Invalid("body", "The request is malformed.");

    public static Error TooLarge { get; } = new(ErrorCodes.PayloadTooLarge, "The body is too large.");

    public static Error NotJson { get; } = new(ErrorCodes.UnsupportedMediaType, "The body must be application/json in UTF-8.");
}
