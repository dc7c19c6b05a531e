using MidnightOS.Core.Results;

namespace MidnightOS.Core.Custody;

/// <summary>Rotates key-encryption keys and retires old versions once nothing needs them. For operators; no tenant reaches it.</summary>
public interface IKeyRotation
{
    /// <summary>Makes a new version; <see cref="IWalletCustody.RunAsync"/> then wraps again what the old one wraps.</summary>
    /// <returns>The new version's id.</returns>
    Task<string> RotateAsync(VaultPurpose purpose, CancellationToken cancellationToken);

    /// <summary>Whether anything is still wrapped under a version. Always true for <see cref="VaultPurpose.Payloads"/>, whose owners keep no index.</summary>
    Task<bool> IsUsedAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys an old version. <c>INVALID_STATE</c> while it is the current one, while something is wrapped under it, or within the
    /// hour after it stopped being current (with <see cref="Error.RetryAfter"/>); <c>NOT_FOUND</c> when custody never used it.
    /// </summary>
    Task<Result<Done>> RetireAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken);
}
