using Microsoft.Extensions.Logging;
using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Vault;

/// <summary>The vault of the embedded edition: key-encryption keys in a file that only its owner may read.</summary>
internal sealed class FileVault(KeyFile file, VaultRecord record, TimeProvider time, ILogger<FileVault> logger) : IVault, IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lock _gate = new();
    private KeyRing? _ring;
    private (DateTime ModifiedAt, long Length) _stamp;

    /// <summary>Reads the key file, or makes it at the very first start. Called at start, so that a missing or wrong key file stops the host.</summary>
    /// <exception cref="VaultException">The file is missing though records are sealed under it, or it is damaged, of another vault, or open to others.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_ring is not null)
            {
                return;
            }

            using var held = await file.LockAsync(cancellationToken);
            var known = await record.FindAsync(cancellationToken);
            CreateIfFirst(known);
            var stamp = file.Stamp;
            var ring = file.Read();
            RequireSameVault(ring, known ?? await record.ClaimAsync(ring.VaultId, cancellationToken));
            Swap(ring, stamp);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async Task<WrappedKey> WrapAsync(VaultPurpose purpose, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        lock (_gate)
        {
            return KeyWrap.Wrap(Fresh().Current(purpose), dataKey.Span);
        }
    }

    public async Task<byte[]> UnwrapAsync(VaultPurpose purpose, WrappedKey wrapped, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        await OpenAsync(cancellationToken);
        lock (_gate)
        {
            var version = Fresh().Find(purpose, wrapped.Version) ?? Reload().Find(purpose, wrapped.Version);
            if (version?.Key is null)
            {
                VaultLog.VersionGone(logger, purpose, wrapped.Version);
                throw new VaultException($"The key version {wrapped.Version} is not in the key file {file.Path}: it was retired, or the file is an older backup.");
            }

            return KeyWrap.Unwrap(version, wrapped);
        }
    }

    public async Task<string> CurrentVersionAsync(VaultPurpose purpose, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        lock (_gate)
        {
            return Fresh().Current(purpose).Id;
        }
    }

    public async Task<string> RotateAsync(VaultPurpose purpose, CancellationToken cancellationToken)
    {
        var ring = await ChangeAsync(ring => ring.Rotated(purpose, time.GetUtcNow()), cancellationToken);
        var version = ring.Current(purpose).Id;
        VaultLog.Rotated(logger, purpose, version);
        return version;
    }

    public async Task RetireAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            ring =>
            {
                var retired = ring.Find(purpose, version) ?? throw new VaultException($"There is no key version {version}.");
                return retired == ring.Current(purpose)
                    ? throw new VaultException($"The key version {version} is the current one; rotate first.")
                    : ring.Without(retired);
            },
            cancellationToken);
        VaultLog.Retired(logger, purpose, version);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ring?.Dispose();
        }

        _opening.Dispose();
    }

    private void CreateIfFirst(string? known)
    {
        if (file.Exists)
        {
            return;
        }

        if (known is not null)
        {
            throw new VaultException(
                $"The key file {file.Path} is missing, and what this store holds is sealed under its keys (vault {known}). " +
                "Put the file back from its backup, mode 600: a new one would open no wallet. See docs/custody.md.");
        }

        using var ring = KeyRing.Create(time.GetUtcNow());
        file.Write(ring);
        VaultLog.Created(logger, file.Path, ring.VaultId);
    }

    private void RequireSameVault(KeyRing ring, string known)
    {
        if (ring.VaultId != known)
        {
            ring.Dispose();
            throw new VaultException(
                $"The key file {file.Path} is of another vault ({ring.VaultId}) than the one that sealed this store ({known}). Put the right one in place.");
        }
    }

    private async Task<KeyRing> ChangeAsync(Func<KeyRing, KeyRing> change, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        using var held = await file.LockAsync(cancellationToken);
        using (var before = file.Read())
        {
            RequireSameVault(before, _ring!.VaultId);
            using var after = change(before);
            file.Write(after);
        }

        lock (_gate)
        {
            return Reload();
        }
    }

    private KeyRing Fresh() => file.Stamp == _stamp ? _ring! : Reload();

    private KeyRing Reload()
    {
        var stamp = file.Stamp;
        var ring = file.Read();
        RequireSameVault(ring, _ring!.VaultId);
        Swap(ring, stamp);
        return ring;
    }

    private void Swap(KeyRing ring, (DateTime ModifiedAt, long Length) stamp)
    {
        lock (_gate)
        {
            _ring?.Dispose();
            _ring = ring;
            _stamp = stamp;
        }
    }
}
