using System.Security.Cryptography;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace MidnightOS.Azure.KeyVault.Client;

/// <summary><see cref="IVaultKeys"/> over the SDK. Wrapping with an RSA key needs its public part alone, so the SDK does it in this process; unwrapping and signing are done by the HSM.</summary>
internal sealed class SdkVaultKeys(VaultClients clients) : IVaultKeys
{
    public Task<VaultKey> GetAsync(KeyAddress key, string? version, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync(key, "read", async () =>
        {
            KeyVaultKey found = await clients.Of(key).GetKeyAsync(key.Name, version, cancellationToken);
            return new VaultKey(found.Properties.Version, found.KeyType.ToString(), found.Key.X, found.Key.Y);
        });

    public Task<IReadOnlyList<VaultKeyVersion>> VersionsAsync(KeyAddress key, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync<IReadOnlyList<VaultKeyVersion>>(key, "list", async () =>
        {
            var versions = new List<VaultKeyVersion>();
            await foreach (var version in clients.Of(key).GetPropertiesOfKeyVersionsAsync(key.Name, cancellationToken))
            {
                versions.Add(new VaultKeyVersion(version.Version, version.Enabled ?? true, version.CreatedOn ?? DateTimeOffset.MinValue));
            }

            return versions;
        });

    public Task<byte[]> WrapAsync(KeyAddress key, string version, string algorithm, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync(key, "wrap", () => clients.UseAsync(key, version, async client =>
        {
            var copy = dataKey.ToArray();
            try
            {
                return (await client.WrapKeyAsync(new KeyWrapAlgorithm(algorithm), copy, cancellationToken)).EncryptedKey;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(copy);
            }
        }));

    public Task<byte[]> UnwrapAsync(KeyAddress key, string version, string algorithm, byte[] wrapped, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync(key, "unwrap", () => clients.UseAsync(
            key, version, async client => (await client.UnwrapKeyAsync(new KeyWrapAlgorithm(algorithm), wrapped, cancellationToken)).Key));

    public Task<byte[]> SignAsync(KeyAddress key, string version, byte[] digest, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync(key, "sign", () => clients.UseAsync(
            key, version, async client => (await client.SignAsync(SignatureAlgorithm.ES256, digest, cancellationToken)).Signature));

    public Task<string?> RotateAsync(KeyAddress key, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync(key, "rotate", () => AllowedAsync<string?>(
            async () => (await clients.Of(key).RotateKeyAsync(key.Name, cancellationToken)).Value.Properties.Version, null));

    public Task<bool> DisableAsync(KeyAddress key, string version, CancellationToken cancellationToken) =>
        KeyVaultErrors.CallAsync(key, "disable", () => AllowedAsync(
            async () =>
            {
                KeyVaultKey found = await clients.Of(key).GetKeyAsync(key.Name, version, cancellationToken);
                found.Properties.Enabled = false;
                await clients.Of(key).UpdateKeyPropertiesAsync(found.Properties, cancellationToken: cancellationToken);
                return true;
            },
            false));

    private static async Task<T> AllowedAsync<T>(Func<Task<T>> call, T forbidden)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException error) when (KeyVaultErrors.IsForbidden(error))
        {
            return forbidden;
        }
    }
}
