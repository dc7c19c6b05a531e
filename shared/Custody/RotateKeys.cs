using MidnightOS.Core.Custody;
using MidnightOS.Core.Results;
using MidnightOS.Custody.Tokens;
using MidnightOS.Custody.Wallets;

namespace MidnightOS.Custody;

/// <summary>Rotates key-encryption keys, and retires a version only when nothing is under it and nothing still on its way can be.</summary>
internal sealed class RotateKeys(IVault vault, WrappedUnder wallets, TokenSigningKeys tokens, SealedTokenKeys tokenKeys, TimeProvider time) : IKeyRotation
{
    // A creation that wrapped under the version before the rotation has long ended, or finds at its end that its record does not open.
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    public async Task<string> RotateAsync(VaultPurpose purpose, CancellationToken cancellationToken)
    {
        var old = await vault.CurrentVersionAsync(purpose, cancellationToken);
        var version = await vault.RotateAsync(purpose, cancellationToken);
        await wallets.ListVersionAsync(old, cancellationToken);
        await wallets.SupersedeAsync(old, cancellationToken);
        if (purpose == VaultPurpose.Tokens)
        {
            foreach (var keyId in await tokens.AllAsync(cancellationToken))
            {
                await tokenKeys.RewrapAsync(keyId, cancellationToken);
            }
        }

        return version;
    }

    public async Task<bool> IsUsedAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken)
    {
        if (purpose == VaultPurpose.Wallets)
        {
            return await wallets.AnyAsync(version, cancellationToken);
        }

        if (purpose == VaultPurpose.Payloads)
        {
            return true;
        }

        foreach (var keyId in await tokens.AllAsync(cancellationToken))
        {
            if (await tokenKeys.VersionOfAsync(keyId, cancellationToken) == version)
            {
                return true;
            }
        }

        return false;
    }

    public async Task<Result<Done>> RetireAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken)
    {
        if (version == await vault.CurrentVersionAsync(purpose, cancellationToken))
        {
            return new Error(ErrorCodes.InvalidState, "This is the current version. Rotate first.");
        }

        if (await IsUsedAsync(purpose, version, cancellationToken))
        {
            return new Error(ErrorCodes.InvalidState, "Something is still wrapped under this version.");
        }

        if (!(await wallets.VersionsAsync(cancellationToken)).Contains(version, StringComparer.Ordinal))
        {
            return Error.NotFound("key version");
        }

        var rest = await wallets.SupersedeAsync(version, cancellationToken) + Rest - time.GetUtcNow();
        if (rest > TimeSpan.Zero)
        {
            return new Error(ErrorCodes.InvalidState, "This version was the current one less than an hour ago.") { RetryAfter = rest };
        }

        await vault.RetireAsync(purpose, version, cancellationToken);
        await wallets.ForgetAsync(version, cancellationToken);
        return Done.Value;
    }
}
