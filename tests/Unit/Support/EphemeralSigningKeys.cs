using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Custody;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>Signing keys in memory, for tests that are not about custody. Shared by two hosts it is what a shared vault is to them.</summary>
public sealed class EphemeralSigningKeys : ITokenSigningKeys
{
    private readonly Lock _gate = new();
    private readonly List<ECDsaSecurityKey> _keys = [];

    public int Reads { get; private set; }

    public Task<SigningCredentials> CurrentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_keys.Count == 0)
            {
                Add();
            }

            return Task.FromResult(new SigningCredentials(_keys[^1], SecurityAlgorithms.EcdsaSha256));
        }
    }

    public Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Reads++;
            return Task.FromResult<IReadOnlyList<JsonWebKey>>([.. _keys.Select(PublicOf)]);
        }
    }

    public Task RotateAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Add();
        }

        return Task.CompletedTask;
    }

    private void Add() => _keys.Add(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = $"key-{_keys.Count + 1}" });

    private static JsonWebKey PublicOf(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey
        {
            Kty = "EC", Crv = "P-256", Kid = key.KeyId, X = Base64UrlEncoder.Encode(point.X), Y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
