using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Storage;

namespace MidnightOS.Api.Errors;

/// <summary>What clients are told of an exception: nothing that it says.</summary>
internal static class ExceptionErrors
{
    public static (Error Error, int Status) Of(Exception exception) => exception switch
    {
        BadHttpRequestException bad => (OfBadRequest(bad), bad.StatusCode),
        InvalidContinuationException => With(Error.Invalid("cursor", "cursor is not one of this list.")),
        StorageUnavailableException => With(Unavailable("The storage is out of reach. Try again later.")),
        ChainUnavailableException => With(Unavailable("The Midnight network is out of reach. Try again later.")),
        LedgerUnavailableException => With(Unavailable("The ledger is busy or restarting. Try again later.")),
        VaultException => With(Unavailable("The key vault is out of reach. Try again later.")),
        _ => With(new Error(ErrorCodes.InternalError, "Something went wrong on our side. The trace id finds it in our logs.")),
    };

    private static (Error Error, int Status) With(Error error) => (error, error.Code.Status);

    private static Error Unavailable(string message) =>
        new(ErrorCodes.UpstreamUnavailable, message) { RetryAfter = TimeSpan.FromSeconds(5) };

    private static Error OfBadRequest(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => NotJson,
        _ => new Error(ErrorCodes.InvalidRequest, "The request is malformed."),
    };

    public static Error TooLarge { get; } = new(ErrorCodes.PayloadTooLarge, "The body is too large.");

    public static Error NotJson { get; } = new(ErrorCodes.UnsupportedMediaType, "The body must be application/json in UTF-8.");
}
