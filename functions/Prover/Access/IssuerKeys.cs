using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Accounts;

namespace MidnightOS.Prover.Access;

/// <summary>The keys with which an issuer signs, fetched from it and kept for a while.</summary>
internal sealed partial class IssuerKeys(IHttpClientFactory http, IOptions<ProverOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
{
    /// <summary>The name of the client that asks issuers.</summary>
    public const string ClientName = "issuer";

    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(1);

    // Whoever sends tokens with made-up key ids must not make this ask the issuer for each of them.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    // As long as clients are told to wait.
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile KeySet? _known;
    private volatile bool _isOut;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;
    private Task _fetch = Task.CompletedTask;

    /// <summary>A key by its id; null when the issuer has no such key.</summary>
    /// <exception cref="IssuerUnavailableException">It is not known, and the issuer could not be asked.</exception>
    public async Task<SecurityKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (Known(keyId) is { } key)
        {
            return key;
        }

        await OnceAWhile().WaitAsync(cancellationToken);
        return Known(keyId) ?? (_isOut ? throw new IssuerUnavailableException("The keys of the issuer of an identity's token cannot be had.") : null);
    }

    private SecurityKey? Known(string keyId) => _known is { } known && time.GetUtcNow() < known.Until ? known.Keys.GetValueOrDefault(keyId) : null;

    // Nobody's own: whoever asks first and goes away must not leave the others without keys.
    private Task OnceAWhile()
    {
        lock (_gate)
        {
            if (time.GetUtcNow() - _asked >= (_fetch.IsCompleted && _isOut ? TryAgainAfter : AskAgainAfter))
            {
                _asked = time.GetUtcNow();
                _fetch = Task.Run(FetchAsync);
            }

            return _fetch;
        }
    }

    private async Task FetchAsync()
    {
        var issuer = options.Value.Identity.Issuer!;
        try
        {
            _known = new KeySet(await FetchAsync(issuer), time.GetUtcNow() + KeepFor);
            _isOut = false;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException
            or OperationCanceledException)
        {
            _isOut = true;
            LogUnusable(issuer, exception.Message);
        }
    }

    private async Task<Dictionary<string, SecurityKey>> FetchAsync(string issuer)
    {
        using var client = http.CreateClient(ClientName);
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration")));
        if (document.RootElement.GetProperty("issuer").GetString() != issuer || !Uri.TryCreate(document.RootElement.GetProperty("jwks_uri").GetString(), UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
        {
            throw new InvalidOperationException("its document names another issuer or no address of keys");
        }

        var keys = new JsonWebKeySet(await client.GetStringAsync(address)).GetSigningKeys();
        return keys.Where(static key => key.KeyId is not null).DistinctBy(static key => key.KeyId).ToDictionary(static key => key.KeyId, StringComparer.Ordinal);
    }

    [LoggerMessage(EventId = 7110, Level = LogLevel.Warning, Message = "The keys of the issuer {Issuer} cannot be had: {Problem}. Meanwhile clients are told to try again.")]
    private partial void LogUnusable(string issuer, string problem);

    private sealed record KeySet(Dictionary<string, SecurityKey> Keys, DateTimeOffset Until);
}
