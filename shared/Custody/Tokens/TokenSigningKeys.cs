using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Directory;

namespace MidnightOS.Custody.Tokens;

/// <summary>The keys of access tokens, shared by all hosts: which there are is one claim in the directory, changed only in the version that was read.</summary>
internal sealed class TokenSigningKeys(
    IDirectory directory, SealedTokenKeys keys, IOptions<AccountOptions> accounts, TimeProvider time, ILogger<TokenSigningKeys> logger) : ITokenSigningKeys
{
    private static readonly DirectoryKey Key = new("token-keys", "set");

    // A rotation elsewhere is noticed after this; a token of its new key sooner, by the unknown kid.
    private static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UnknownKeyPause = TimeSpan.FromSeconds(1);

    // Clocks that differ, and hosts that still sign with the old key.
    private static readonly TimeSpan OverlapMargin = TimeSpan.FromMinutes(6);

    private volatile Cached? _cached;

    public async Task<TokenSigner> SignerAsync(CancellationToken cancellationToken)
    {
        var set = await SetAsync(CacheLife, cancellationToken);
        var key = await keys.GetAsync(set.Current, cancellationToken);
        return new TokenSigner(set.Current, (bytes, _) => Task.FromResult(key.Signing.ECDsa.SignData(bytes.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
    }

    /// <summary>What signs now, for whoever makes tokens otherwise.</summary>
    internal async Task<SigningCredentials> CurrentAsync(CancellationToken cancellationToken)
    {
        var set = await SetAsync(CacheLife, cancellationToken);
        return new SigningCredentials((await keys.GetAsync(set.Current, cancellationToken)).Signing, SecurityAlgorithms.EcdsaSha256);
    }

    public async Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken)
    {
        var set = await SetAsync(CacheLife, cancellationToken);
        var valid = new List<JsonWebKey>();
        foreach (var keyId in set.ValidAt(time.GetUtcNow()))
        {
            valid.Add((await keys.GetAsync(keyId, cancellationToken)).Public);
        }

        return valid;
    }

    public async Task<JsonWebKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        var set = await SetAsync(CacheLife, cancellationToken);
        if (!set.ValidAt(time.GetUtcNow()).Contains(keyId, StringComparer.Ordinal))
        {
            set = await SetAsync(UnknownKeyPause, cancellationToken);
        }

        return set.ValidAt(time.GetUtcNow()).Contains(keyId, StringComparer.Ordinal)
            ? (await keys.GetAsync(keyId, cancellationToken)).Public
            : null;
    }

    public async Task RotateAsync(CancellationToken cancellationToken)
    {
        var newKey = await keys.CreateAsync(cancellationToken);
        while (true)
        {
            var stored = await ReadOrCreateAsync(cancellationToken);
            var before = TokenKeySet.From(stored.Claim);
            var after = before.Rotated(newKey, time.GetUtcNow(), accounts.Value.AccessTokenLifetime + OverlapMargin);
            if (await directory.ReplaceAsync(Key, after.ToClaim(), stored.ETag, cancellationToken) is null)
            {
                continue;
            }

            _cached = new Cached(after, time.GetTimestamp());
            foreach (var (gone, _) in before.Old.Where(old => !after.Old.Contains(old)))
            {
                await keys.DeleteAsync(gone, cancellationToken);
            }

            TokenLog.Rotated(logger, newKey);
            return;
        }
    }

    /// <summary>Every key that there is, also those that verify nothing any more and are erased at the next rotation.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken) =>
        await directory.FindAsync(Key, cancellationToken) is { } stored && TokenKeySet.From(stored.Claim) is var set
            ? [set.Current, .. set.Old.Select(old => old.KeyId)]
            : [];

    private async Task<TokenKeySet> SetAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (_cached is { } cached && time.GetElapsedTime(cached.ReadAt) < maxAge)
        {
            return cached.Set;
        }

        var readAt = time.GetTimestamp();
        var set = TokenKeySet.From((await ReadOrCreateAsync(cancellationToken)).Claim);
        keys.KeepOnly([set.Current, .. set.Old.Select(old => old.KeyId)]);
        _cached = new Cached(set, readAt);
        return set;
    }

    private async Task<StoredClaim> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(Key, cancellationToken) is { } stored)
        {
            return stored;
        }

        var first = await keys.CreateAsync(cancellationToken);
        var outcome = await directory.ClaimAsync(Key, new TokenKeySet(first, []).ToClaim(), cancellationToken);
        if (outcome.Created)
        {
            TokenLog.Rotated(logger, first);
        }
        else
        {
            await keys.DeleteAsync(first, cancellationToken);
        }

        return outcome.Stored;
    }

    private sealed record Cached(TokenKeySet Set, long ReadAt);
}
