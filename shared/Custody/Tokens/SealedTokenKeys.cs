using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Custody.Sealing;

namespace MidnightOS.Custody.Tokens;

/// <summary>The signing keys, sealed in the blob store. A public key is always computed from what was unsealed: who can only write the store cannot slip one in.</summary>
internal sealed class SealedTokenKeys(IBlobStore blobs, Sealer sealer) : IDisposable
{
    private const int MaxBytes = 16 * 1024;

    private readonly ConcurrentDictionary<string, TokenKey> _loaded = new(StringComparer.Ordinal);

    /// <summary>Makes a P-256 key and stores it sealed.</summary>
    /// <returns>Its id: the key's thumbprint (RFC 7638).</returns>
    public async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = Base64UrlEncoder.Encode(new ECDsaSecurityKey(key).ComputeJwkThumbprint());
        using var pkcs8 = SecretBytes.Take(key.ExportPkcs8PrivateKey());
        await PutAsync(keyId, await sealer.SealAsync(VaultPurpose.Tokens, pkcs8.Memory, Owner(keyId), cancellationToken), cancellationToken);
        return keyId;
    }

    /// <summary>A key, private part included; it stays loaded until <see cref="DeleteAsync"/>.</summary>
    /// <exception cref="VaultException">It is missing or does not open.</exception>
    public async Task<TokenKey> GetAsync(string keyId, CancellationToken cancellationToken)
    {
        if (_loaded.TryGetValue(keyId, out var loaded))
        {
            return loaded;
        }

        var record = await ReadAsync(keyId, cancellationToken) ?? throw new VaultException($"The signing key {keyId} is missing.");
        using var pkcs8 = await sealer.UnsealAsync(VaultPurpose.Tokens, record, Owner(keyId), cancellationToken);
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8.Span, out _);
        return _loaded.GetOrAdd(keyId, TokenKey.Of(ecdsa, keyId));
    }

    /// <summary>Wraps a key under the vault's current version.</summary>
    /// <returns>The version it is under now; null when there is no such key.</returns>
    public async Task<string?> RewrapAsync(string keyId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(keyId, cancellationToken) is not { } record)
        {
            return null;
        }

        var rewrapped = await sealer.RewrapAsync(VaultPurpose.Tokens, record, Owner(keyId), cancellationToken);
        await PutAsync(keyId, rewrapped, cancellationToken);
        return rewrapped.KeyVersion;
    }

    /// <summary>The version of the key-encryption key that a key is under; null when there is no such key.</summary>
    public async Task<string?> VersionOfAsync(string keyId, CancellationToken cancellationToken) =>
        await ReadAsync(keyId, cancellationToken) is { } record ? Envelope.Parse(record).DataKey.Version : null;

    /// <summary>Erases a key that verifies nothing any more.</summary>
    public async Task DeleteAsync(string keyId, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(Name(keyId), cancellationToken);
        _loaded.TryRemove(keyId, out _);
    }

    /// <summary>Drops loaded keys that are not among these. One that signs at this moment still does; its memory goes with it.</summary>
    public void KeepOnly(IReadOnlyList<string> keyIds)
    {
        foreach (var keyId in _loaded.Keys.Except(keyIds, StringComparer.Ordinal))
        {
            _loaded.TryRemove(keyId, out _);
        }
    }

    public void Dispose()
    {
        foreach (var key in _loaded.Values)
        {
            key.Signing.ECDsa.Dispose();
        }
    }

    private async Task<byte[]?> ReadAsync(string keyId, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(Name(keyId), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var buffer = new byte[MaxBytes];
        return buffer[..await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken)];
    }

    private async Task PutAsync(string keyId, SealedRecord record, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(record.Bytes);
        await blobs.PutAsync(Name(keyId), content, overwrite: true, cancellationToken);
    }

    private static BlobName Name(string keyId) => new(TenantId.Platform, "token-keys", keyId);

    private static string[] Owner(string keyId) => ["token signing key", TenantId.Platform.Value, keyId];
}
