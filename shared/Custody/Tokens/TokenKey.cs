using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Custody.Tokens;

/// <summary>A signing key in memory.</summary>
/// <param name="Signing">With its private part, which is nowhere outside this object.</param>
/// <param name="Public">What may be published (RFC 7517).</param>
internal sealed record TokenKey(ECDsaSecurityKey Signing, JsonWebKey Public)
{
    public static TokenKey Of(ECDsa key, string keyId)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var published = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(point.X!),
            Y = Base64UrlEncoder.Encode(point.Y!),
            Use = JsonWebKeyUseNames.Sig,
            Alg = SecurityAlgorithms.EcdsaSha256,
            Kid = keyId,
        };
        return new TokenKey(new ECDsaSecurityKey(key) { KeyId = keyId }, published);
    }
}
