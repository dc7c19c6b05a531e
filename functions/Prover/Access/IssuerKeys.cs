using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Prover.Access;

/// <summary>The keys with which an issuer signs, fetched from it and kept for a while.</summary>
internal sealed partial class IssuerKeys(IHttpClientFactory http, IOptions<ProverOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
{
    /// <summary>The name of the client that asks issuers.</summary>
    public const string ClientName = "issuer";

    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(1);

    // Whoever sends tokens with made-up key ids must not make this ask the issuer for each of them.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private volatile KeySet? _known;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;
    private Task _fetch = Task.CompletedTask;

    /// <summary>A key by its id; null when the issuer has no such key, or could not be asked.</summary>
    public async Task<SecurityKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (Known(keyId) is { } key)
        {
            return key;
        }

        await OnceAMinute().WaitAsync(cancellationToken);
        return Known(keyId);
    }

    private SecurityKey? Known(string keyId) => _known is { } known && time.GetUtcNow() < known.Until ? known.Keys.GetValueOrDefault(keyId) : null;

    // Nobody's own: whoever asks first and goes away must not leave the others without keys.
    private Task OnceAMinute()
    {
        lock (_gate)
        {
            if (time.GetUtcNow() - _asked >= AskAgainAfter)
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
            using var client = http.CreateClient(ClientName);
            using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration")));
            if (document.RootElement.GetProperty("issuer").GetString() != issuer || !Uri.TryCreate(document.RootElement.GetProperty("jwks_uri").GetString(), UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
            {
                LogUnusable(issuer, "its document names another issuer or no address of keys");
                return;
            }

            var keys = new JsonWebKeySet(await client.GetStringAsync(address)).GetSigningKeys();
            _known = new KeySet(keys.Where(static key => key.KeyId is not null).DistinctBy(static key => key.KeyId).ToDictionary(static key => key.KeyId, StringComparer.Ordinal), time.GetUtcNow() + KeepFor);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException
            or OperationCanceledException)
        {
            LogUnusable(issuer, exception.Message);
        }
    }

    [LoggerMessage(EventId = 7110, Level = LogLevel.Warning, Message = "The keys of the issuer {Issuer} cannot be had: {Problem}. Its tokens are refused meanwhile.")]
    private partial void LogUnusable(string issuer, string problem);

    private sealed record KeySet(Dictionary<string, SecurityKey> Keys, DateTimeOffset Until);
}
