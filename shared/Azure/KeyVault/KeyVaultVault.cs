using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault;

/// <summary>The vault of the azure edition: wraps under the newest version of a key in an HSM, and unwraps by the version that wrapped.</summary>
internal sealed class KeyVaultVault(IVaultKeys keys, IOptions<KeyVaultOptions> options, TimeProvider time) : IVault
{
    // A rotation is noticed after this, and a wrap costs one call, not two.
    private static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<VaultPurpose, Cached> _current = new();

    public async Task<WrappedKey> WrapAsync(VaultPurpose purpose, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        if (dataKey.Length != 32)
        {
            throw new ArgumentException("A data key has 32 bytes.", nameof(dataKey));
        }

        var key = KeyAddress.Of(options.Value, purpose);
        var version = await CurrentAsync(purpose, CacheLife, cancellationToken);
        try
        {
            return await WrapAsync(key, version, dataKey, cancellationToken);
        }
        catch (VaultException)
        {
            // The version may have been disabled after a rotation that is not known here yet.
            var newest = await CurrentAsync(purpose, TimeSpan.Zero, cancellationToken);
            if (newest.Version == version.Version)
            {
                throw;
            }

            return await WrapAsync(key, newest, dataKey, cancellationToken);
        }
    }

    public async Task<byte[]> UnwrapAsync(VaultPurpose purpose, WrappedKey wrapped, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        WrapAlgorithm.Check(wrapped);
        return await keys.UnwrapAsync(KeyAddress.Of(options.Value, purpose), wrapped.Version, wrapped.Algorithm, wrapped.Bytes, cancellationToken);
    }

    public async Task<string> CurrentVersionAsync(VaultPurpose purpose, CancellationToken cancellationToken) =>
        (await CurrentAsync(purpose, CacheLife, cancellationToken)).Version;

    public async Task<string> RotateAsync(VaultPurpose purpose, CancellationToken cancellationToken)
    {
        var key = KeyAddress.Of(options.Value, purpose);
        var version = await keys.RotateAsync(key, cancellationToken)
            ?? throw new VaultException($"This app may not rotate the key {key}; that is an operator's act: {key.RotateCommand}");
        _current.TryRemove(purpose, out _);
        return version;
    }

    public async Task RetireAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        var key = KeyAddress.Of(options.Value, purpose);
        if (!WrapAlgorithm.IsVersion(version))
        {
            throw new VaultException($"There is no key version {version}.");
        }

        if ((await CurrentAsync(purpose, TimeSpan.Zero, cancellationToken)).Version == version)
        {
            throw new VaultException($"The key version {version} is the current one; rotate first.");
        }

        if (!await keys.DisableAsync(key, version, cancellationToken))
        {
            throw new VaultException($"This app may not disable a version of the key {key}; that is an operator's act: {key.DisableCommand(version)}");
        }
    }

    private async Task<WrappedKey> WrapAsync(KeyAddress key, VaultKey version, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        var algorithm = WrapAlgorithm.For(key, version);
        return new WrappedKey(version.Version, algorithm, await keys.WrapAsync(key, version.Version, algorithm, dataKey, cancellationToken));
    }

    private async Task<VaultKey> CurrentAsync(VaultPurpose purpose, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (_current.TryGetValue(purpose, out var cached) && time.GetElapsedTime(cached.ReadAt) < maxAge)
        {
            return cached.Key;
        }

        var readAt = time.GetTimestamp();
        var key = await keys.GetAsync(KeyAddress.Of(options.Value, purpose), null, cancellationToken);
        _current[purpose] = new Cached(key, readAt);
        return key;
    }

    private sealed record Cached(VaultKey Key, long ReadAt);
}
