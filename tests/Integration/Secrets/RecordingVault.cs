using System.Collections.Concurrent;
using MidnightOS.Core.Custody;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>A vault that keeps a copy of every data key that goes through it, for the search.</summary>
internal sealed class RecordingVault(IVault vault) : IVault
{
    private readonly ConcurrentDictionary<string, byte[]> _dataKeys = new(StringComparer.Ordinal);

    /// <summary>Every data key, under the name of what it is for.</summary>
    public IEnumerable<(string Name, byte[] Key)> DataKeys => _dataKeys.Select(static pair => (pair.Key, pair.Value));

    public Task<WrappedKey> WrapAsync(VaultPurpose purpose, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        Keep(purpose, dataKey.ToArray());
        return vault.WrapAsync(purpose, dataKey, cancellationToken);
    }

    public async Task<byte[]> UnwrapAsync(VaultPurpose purpose, WrappedKey wrapped, CancellationToken cancellationToken)
    {
        var key = await vault.UnwrapAsync(purpose, wrapped, cancellationToken);
        Keep(purpose, [.. key]);
        return key;
    }

    public Task<string> RotateAsync(VaultPurpose purpose, CancellationToken cancellationToken) => vault.RotateAsync(purpose, cancellationToken);

    public Task<string> CurrentVersionAsync(VaultPurpose purpose, CancellationToken cancellationToken) => vault.CurrentVersionAsync(purpose, cancellationToken);

    public Task RetireAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken) => vault.RetireAsync(purpose, version, cancellationToken);

    private void Keep(VaultPurpose purpose, byte[] key) => _dataKeys.TryAdd($"data key of {purpose} {Convert.ToHexString(key.AsSpan(0, 4))}", key);
}
