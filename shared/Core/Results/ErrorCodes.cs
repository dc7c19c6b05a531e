namespace MidnightOS.Core.Results;

/// <summary>A stable error code with the HTTP status and the short title it always has.</summary>
/// <param name="Name">The code as clients see it, for example <c>INSUFFICIENT_FUNDS</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The <c>title</c> of the problem document.</param>
public sealed record ErrorCode(string Name, int Status, string Title)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Every error code of the HTTP contract, in one place.</summary>
public static class ErrorCodes
{
    /// <summary>No valid token.</summary>
    public static readonly ErrorCode Unauthorized = new("UNAUTHORIZED", 401, "Sign in first");

    /// <summary>Signed in, but the role does not allow it.</summary>
    public static readonly ErrorCode Forbidden = new("FORBIDDEN", 403, "Not allowed");

    /// <summary>No such resource, or one of another tenant.</summary>
    public static readonly ErrorCode NotFound = new("NOT_FOUND", 404, "Not found");

    /// <summary>The path exists, the verb does not.</summary>
    public static readonly ErrorCode MethodNotAllowed = new("METHOD_NOT_ALLOWED", 405, "Method not allowed");

    /// <summary>A field is missing, malformed or out of bounds.</summary>
    public static readonly ErrorCode InvalidRequest = new("INVALID_REQUEST", 400, "Invalid request");

    /// <summary>It exists already, or another request is at work on it.</summary>
    public static readonly ErrorCode Conflict = new("CONFLICT", 409, "Conflict");

    /// <summary>The resource's state does not allow this.</summary>
    public static readonly ErrorCode InvalidState = new("INVALID_STATE", 409, "Not possible in this state");

    /// <summary>The bot's wallet does not exist yet.</summary>
    public static readonly ErrorCode WalletNotReady = new("WALLET_NOT_READY", 409, "The wallet is not ready");

    /// <summary>The resource changed since it was read.</summary>
    public static readonly ErrorCode PreconditionFailed = new("PRECONDITION_FAILED", 412, "Changed meanwhile");

    /// <summary>The body is too large.</summary>
    public static readonly ErrorCode PayloadTooLarge = new("PAYLOAD_TOO_LARGE", 413, "Too large");

    /// <summary>The body is not of a supported media type.</summary>
    public static readonly ErrorCode UnsupportedMediaType = new("UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported media type");

    /// <summary>The idempotency key was used with another body.</summary>
    public static readonly ErrorCode IdempotencyMismatch = new("IDEMPOTENCY_MISMATCH", 422, "Idempotency key reused");

    /// <summary>The wallet's available balance is lower than the amount.</summary>
    public static readonly ErrorCode InsufficientFunds = new("INSUFFICIENT_FUNDS", 422, "Insufficient funds");

    /// <summary>The address is malformed, of another network, or of the wrong kind.</summary>
    public static readonly ErrorCode InvalidAddress = new("INVALID_ADDRESS", 422, "Invalid address");

    /// <summary>The bot's policy refuses the spend.</summary>
    public static readonly ErrorCode PolicyDenied = new("POLICY_DENIED", 422, "Refused by policy");

    /// <summary>Too many requests in this minute.</summary>
    public static readonly ErrorCode RateLimited = new("RATE_LIMITED", 429, "Too many requests");

    /// <summary>A defect on our side.</summary>
    public static readonly ErrorCode InternalError = new("INTERNAL_ERROR", 500, "Internal error");

    /// <summary>Something this depends on (chain, model, vault) is out of reach.</summary>
    public static readonly ErrorCode UpstreamUnavailable = new("UPSTREAM_UNAVAILABLE", 503, "Temporarily unavailable");

    /// <summary>All codes, for the contract tests and the OpenAPI document.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        Unauthorized, Forbidden, NotFound, MethodNotAllowed, InvalidRequest, Conflict, InvalidState, WalletNotReady, PreconditionFailed,
        PayloadTooLarge, UnsupportedMediaType, IdempotencyMismatch, InsufficientFunds, InvalidAddress, PolicyDenied, RateLimited,
        InternalError, UpstreamUnavailable,
    ];
}
