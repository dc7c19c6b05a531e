using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Azure.KeyVault.Client;

namespace MidnightOS.Tests.Azure.KeyVault.Client;

/// <summary>A stand-in of Key Vault on this machine with real keys: routes, bodies and errors as the REST reference tells them, and the challenge that asks for a token.</summary>
internal sealed class KeyVaultUnderTest : IAsyncDisposable
{
    private readonly List<StandInKey> _versions = [];
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly WebApplication _app;

    private KeyVaultUnderTest()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What each request is answered with instead; null for the real answer.</summary>
    public Func<HttpRequest, (int Status, string Body)?> Fault { get; set; } = static _ => null;

    /// <summary>Whether whoever asks may change keys.</summary>
    public bool IsOperator { get; set; }

    /// <summary>The requests with a token: method and path.</summary>
    public List<string> Requests { get; } = [];

    public Uri Address => new(_app.Urls.Single());

    public SdkVaultKeys Keys => new(new VaultClients(new FixedToken(), options =>
    {
        options.DisableChallengeResourceVerification = true;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        options.Transport = new HttpClientTransport(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == _certificate.Thumbprint,
        });
    }));

    public static async Task<KeyVaultUnderTest> StartAsync(string keyType)
    {
        var vault = new KeyVaultUnderTest();
        vault.Add(keyType);
        await vault._app.StartAsync();
        return vault;
    }

    public StandInKey Add(string keyType)
    {
        var version = new StandInKey(keyType, DateTimeOffset.UtcNow.AddSeconds(_versions.Count));
        _versions.Add(version);
        return version;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _versions.ForEach(static version => version.Dispose());
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\"";
            return;
        }

        Requests.Add($"{context.Request.Method} {context.Request.Path}");
        var (status, body) = Fault(context.Request) ?? await RealAsync(context.Request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private async Task<(int Status, string Body)> RealAsync(HttpRequest request)
    {
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var json = request.ContentLength > 0 ? (await JsonNode.ParseAsync(request.Body))!.AsObject() : [];
        var version = parts.Length > 2 ? _versions.Find(found => found.Version == parts[2]) : _versions[^1];
        return (request.Method, parts) switch
        {
            ("GET", [_, var name, "versions"]) => (200, new JsonObject { ["value"] = new JsonArray([.. _versions.Select(found => found.Properties(Address, name))]) }.ToJsonString()),
            ("POST", [_, _, "rotate"]) when !IsOperator => Forbidden("ForbiddenByRbac"),
            ("POST", [_, var name, "rotate"]) => (200, Add(_versions[^1].Type).Bundle(Address, name).ToJsonString()),
            (_, [_, _, ..]) when version is null => (404, Error("KeyNotFound", "A key with this version was not found.", null)),
            ("GET", [_, var name, ..]) => (200, version!.Bundle(Address, name).ToJsonString()),
            ("PATCH", [_, _, _]) when !IsOperator => Forbidden("ForbiddenByRbac"),
            ("PATCH", [_, var name, _]) => (200, version!.Enable((bool)json["attributes"]!["enabled"]!).Bundle(Address, name).ToJsonString()),
            ("POST", [_, _, _, _]) when !version!.Enabled => Forbidden("KeyDisabled"),
            ("POST", [_, var name, _, var operation]) => Operate(version!, name, operation, (string)json["alg"]!, Base64UrlEncoder.DecodeBytes((string)json["value"]!)),
            _ => (405, "{}"),
        };
    }

    private (int Status, string Body) Operate(StandInKey version, string name, string operation, string algorithm, byte[] value)
    {
        try
        {
            var result = version.Operate(operation.ToUpperInvariant(), algorithm, value);
            return (200, new JsonObject { ["kid"] = version.Id(Address, name), ["value"] = Base64UrlEncoder.Encode(result) }.ToJsonString());
        }
        catch (Exception wrong) when (wrong is CryptographicException or NotSupportedException)
        {
            return (400, Error("BadParameter", "The parameter is incorrect.", null));
        }
    }

    private static (int Status, string Body) Forbidden(string code) => (403, Error("Forbidden", "The operation is not allowed.", code));

    private static string Error(string code, string message, string? inner) => new JsonObject
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner } },
    }.ToJsonString();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("a token", DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
