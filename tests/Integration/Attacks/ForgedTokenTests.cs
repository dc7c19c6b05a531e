using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>Access tokens with another header, signature or key than the platform's, made byte by byte from a real one.</summary>
public sealed class ForgedTokenTests
{
    // Left out of these: what the tests of the API already hold (alg none, HS256 with the public key, other issuer, audience, type, session, user, tenant).
    private static readonly string[] KeyIds =
    [
        "", " ", "../../../keys/vault.json", "/dev/null", "..\\..\\x", "%2e%2e%2f", "key' OR '1'='1", "key\0", "http://127.0.0.1/keys", "data:,x", new string('k', 3000), "null", "\u0000", "*",
    ];

    [Fact]
    public async Task Me_KeyInTheHeader_IsNotTaken()
    {
        await using var api = await ApiFixture.StartAsync();
        var (ann, own) = (await api.RegisterAsync("ann"), ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await AssertRealOneWorksAsync(api, ann);
        var jwk = JsonSerializer.SerializeToNode(JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(own)))!;
        var publicJwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = (string?)(jwk["x"] ?? jwk["X"]), ["y"] = (string?)(jwk["y"] ?? jwk["Y"]), ["alg"] = "ES256" };
        var kid = new JsonWebToken(ann.Token).Kid;
        foreach (var (name, value) in new (string, JsonNode)[]
        {
            ("jwk", publicJwk), ("jku", "http://127.0.0.1:1/jwks.json"), ("jku", $"{api.Client.BaseAddress}.well-known/jwks.json"), ("x5u", "http://127.0.0.1:1/cert"), ("x5c", new JsonArray("MIIB")), ("x5t", "AAAA"),
            ("crit", new JsonArray("exp")), ("crit", new JsonArray("b64")), ("b64", false), ("zip", "DEF"), ("cty", "JWT"), ("enc", "A256GCM"),
        })
        {
            foreach (var keyId in new[] { kid, "mine", null })
            {
                var header = Header(("alg", "ES256"), ("typ", "at+jwt"), ("kid", keyId), (name, value.DeepClone()));
                await AssertRefusedAsync(api, Sign(header, PayloadOf(ann), own), $"{name} {keyId}");
            }
        }
    }

    [Fact]
    public async Task Me_KeyIdThatIsNone_IsRefused()
    {
        await using var api = await ApiFixture.StartAsync();
        var (ann, own) = (await api.RegisterAsync("ann"), ECDsa.Create(ECCurve.NamedCurves.nistP256));
        foreach (var keyId in KeyIds)
        {
            await AssertRefusedAsync(api, Sign(Header(("alg", "ES256"), ("typ", "at+jwt"), ("kid", keyId)), PayloadOf(ann), own), $"kid {keyId}");
        }

        foreach (var odd in new[] { "1", "true", "[\"a\"]", "{\"a\":1}", "null" })
        {
            await AssertRefusedAsync(api, Sign($$"""{"alg":"ES256","typ":"at+jwt","kid":{{odd}}}""", PayloadOf(ann), own), $"kid {odd}");
        }
    }

    [Fact]
    public async Task Me_OtherCurveOrAlgorithm_IsRefused()
    {
        await using var api = await ApiFixture.StartAsync();
        var ann = await api.RegisterAsync("ann");
        var kid = new JsonWebToken(ann.Token).Kid;
        foreach (var (algorithm, curve, hash) in new[]
        {
            ("ES256", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA256), ("ES384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384), ("ES512", ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
            ("ES256", ECCurve.CreateFromValue("1.3.132.0.10"), HashAlgorithmName.SHA256), ("ES256K", ECCurve.CreateFromValue("1.3.132.0.10"), HashAlgorithmName.SHA256), ("es256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
            ("HS256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256), ("EdDSA", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256), ("RS256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256), ("PS256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
        })
        {
            using var key = ECDsa.Create(curve);
            await AssertRefusedAsync(api, Sign(Header(("alg", algorithm), ("typ", "at+jwt"), ("kid", kid)), PayloadOf(ann), key, hash), $"{algorithm} on {curve.Oid.FriendlyName ?? curve.Oid.Value}");
        }
    }

    [Fact]
    public async Task Me_SignatureThatSomeLibrariesTake_IsRefused()
    {
        await using var api = await ApiFixture.StartAsync();
        var ann = await api.RegisterAsync("ann");
        await AssertRealOneWorksAsync(api, ann);
        var parts = ann.Token.Split('.');
        var right = Base64UrlEncoder.DecodeBytes(parts[2]);
        byte[][] signatures =
        [
            [], new byte[64], [.. new byte[31], 1, .. new byte[31], 1], [.. Enumerable.Repeat((byte)0xff, 64)], right[..63], [.. right, 0], [.. right[32..], .. right[..32]], [.. right[..63], (byte)(right[63] ^ 1)],
            [.. Order, .. Order], [.. new byte[32], .. right[32..]], [.. right[..32], .. new byte[32]], Der(right),
        ];
        foreach (var signature in signatures)
        {
            await AssertRefusedAsync(api, $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(signature)}", Convert.ToHexString(signature));
        }

        foreach (var token in new[] { $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.{parts[2]}.", $"{ann.Token}.{parts[2]}", $"{ann.Token}=", $" {ann.Token[1..]}", $"{parts[0]}.{parts[1]}.{parts[2]}x", $"{parts[1]}.{parts[0]}.{parts[2]}", ann.Token.Replace('.', ' ') })
        {
            await AssertRefusedAsync(api, token, token);
        }
    }

    [Fact]
    public async Task Me_RightlySignedClaimsThatAreOdd_AreRefused()
    {
        await using var api = await ApiFixture.StartAsync();
        var ann = await api.RegisterAsync("ann");
        var signing = await api.SigningKeys.CurrentAsync(CancellationToken.None);
        var provider = signing.Key.CryptoProviderFactory.CreateForSigning(signing.Key, SecurityAlgorithms.EcdsaSha256);
        var header = Header(("alg", "ES256"), ("typ", "at+jwt"), ("kid", signing.Key.KeyId));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", Signed(static _ => { }))).StatusCode);
        foreach (var (what, change) in new (string, Action<JsonObject>)[]
        {
            ("exp as text", static p => p["exp"] = "9999999999x"), ("exp far below", static p => p["exp"] = -1), ("exp nothing", static p => p["exp"] = null), ("exp huge", static p => p["exp"] = JsonNode.Parse("1e400")), ("exp list", static p => p["exp"] = new JsonArray(9999999999)),
            ("aud list of others", static p => p["aud"] = new JsonArray("a", "b")), ("aud none", static p => p.Remove("aud")), ("iss list", static p => p["iss"] = new JsonArray("midnightos")), ("iss none", static p => p.Remove("iss")), ("iss cased", static p => p["iss"] = "MidnightOS"),
            ("sub list", static p => p["sub"] = new JsonArray((string)p["sub"]!)), ("sub none", static p => p.Remove("sub")), ("sub empty", static p => p["sub"] = ""), ("sid none", static p => p.Remove("sid")), ("sid number", static p => p["sid"] = 1), ("tid none", static p => p.Remove("tid")),
            ("tid path", static p => p["tid"] = "../x"), ("tid of the platform", static p => p["tid"] = "platform"), ("sid wild", static p => p["sid"] = "%"), ("sid long", static p => p["sid"] = new string('s', 3000)), ("tid zero", static p => p["tid"] = "ten_\0"), ("sid object", static p => p["sid"] = new JsonObject()),
        })
        {
            await AssertRefusedAsync(api, Signed(change), what);
        }

        string Signed(Action<JsonObject> change)
        {
            var payload = JsonNode.Parse(PayloadOf(ann))!.AsObject();
            change(payload);
            var text = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload.ToJsonString())}";
            return $"{text}.{Base64UrlEncoder.Encode(provider.Sign(Encoding.ASCII.GetBytes(text)))}";
        }
    }

    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private static byte[] Der(byte[] signature)
    {
        byte[] r = [0, .. signature[..32]];
        byte[] s = [0, .. signature[32..]];
        return [0x30, (byte)(r.Length + s.Length + 4), 2, (byte)r.Length, .. r, 2, (byte)s.Length, .. s];
    }

    private static string PayloadOf(Account account) => Base64UrlEncoder.Decode(account.Token.Split('.')[1]);

    private static string Header(params (string Name, JsonNode? Value)[] members)
    {
        var header = new JsonObject();
        foreach (var (name, value) in members)
        {
            header[name] = value;
        }

        return header.ToJsonString();
    }

    private static string Sign(string header, string payload, ECDsa key, HashAlgorithmName? hash = null)
    {
        var text = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
        return $"{text}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(text), hash ?? HashAlgorithmName.SHA256))}";
    }

    private static async Task AssertRealOneWorksAsync(ApiFixture api, Account account) =>
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", account.Token)).StatusCode);

    private static async Task AssertRefusedAsync(ApiFixture api, string token, string what)
    {
        using var answer = await api.GetAsync("/api/auth/me", null, ("Authorization", $"Bearer {token}"));
        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        await answer.ExpectErrorAsync(ErrorCodes.Unauthorized);
    }
}
