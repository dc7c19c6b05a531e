using MidnightOS.Core.Custody;
using MidnightOS.Core.Directory;

namespace MidnightOS.Custody.Wallets;

/// <summary>Which wallets wait to be erased. A retirement is a claim whose version decides between a restore and the erasure that race for it.</summary>
internal sealed class Retirements(IDirectory directory)
{
    public const string Queue = "wallet-erase";

    private const string Erasing = "erasing";

    /// <summary>The retirement of a wallet; null when it is not retired.</summary>
    public async Task<Retirement?> FindAsync(WalletRef wallet, CancellationToken cancellationToken) =>
        await directory.FindAsync(wallet.RetirementKey(), cancellationToken) is { } stored ? Read(stored) : null;

    /// <summary>Retires a wallet, or moves the time at which it is erased.</summary>
    public async Task AddAsync(WalletRef wallet, DateTimeOffset eraseAt, CancellationToken cancellationToken)
    {
        var claim = Claim(wallet, eraseAt.ToUniversalTime().ToString("O"));
        while (true)
        {
            var outcome = await directory.ClaimAsync(wallet.RetirementKey(), claim, cancellationToken);
            if (outcome.Created || Read(outcome.Stored).IsErasing
                || await directory.ReplaceAsync(wallet.RetirementKey(), claim, outcome.Stored.ETag, cancellationToken) is not null)
            {
                break;
            }
        }

        await directory.MarkDueAsync(Queue, wallet.Tenant, wallet.Subject(), eraseAt, cancellationToken);
    }

    /// <summary>Takes a retirement back.</summary>
    /// <returns>False once the erasure has begun.</returns>
    public async Task<bool> RemoveAsync(WalletRef wallet, CancellationToken cancellationToken)
    {
        while (await FindAsync(wallet, cancellationToken) is { } retirement)
        {
            if (retirement.IsErasing)
            {
                return false;
            }

            if (await directory.ReleaseAsync(wallet.RetirementKey(), retirement.ETag, cancellationToken))
            {
                break;
            }
        }

        return true;
    }

    /// <summary>Decides for the erasure: from here on the wallet cannot be restored.</summary>
    /// <returns>False when somebody changed the retirement meanwhile.</returns>
    public async Task<bool> BeginErasureAsync(WalletRef wallet, Retirement retirement, CancellationToken cancellationToken) =>
        retirement.IsErasing
        || await directory.ReplaceAsync(wallet.RetirementKey(), Claim(wallet, Erasing), retirement.ETag, cancellationToken) is not null;

    /// <summary>Forgets an erased wallet.</summary>
    public Task EndErasureAsync(WalletRef wallet, CancellationToken cancellationToken) =>
        directory.ReleaseAsync(wallet.RetirementKey(), etag: null, cancellationToken);

    private static DirectoryClaim Claim(WalletRef wallet, string state) => new(wallet.Tenant, wallet.Subject(), ExpiresAt: null, state);

    private static Retirement Read(StoredClaim stored) => stored.Claim.Data == Erasing
        ? new Retirement(null, stored.ETag)
        : new Retirement(DateTimeOffset.ParseExact(stored.Claim.Data!, "O", null), stored.ETag);
}

/// <summary>A retired wallet.</summary>
/// <param name="EraseAt">When it is erased; null once that has begun.</param>
/// <param name="ETag">The version that was read.</param>
internal sealed record Retirement(DateTimeOffset? EraseAt, string ETag)
{
    public bool IsErasing => EraseAt is null;
}
