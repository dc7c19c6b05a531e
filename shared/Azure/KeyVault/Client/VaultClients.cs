using System.Collections.Concurrent;
using Azure.Core;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace MidnightOS.Azure.KeyVault.Client;

/// <summary>The SDK's clients: one a vault, and one a key version that has been used.</summary>
/// <param name="credential">Signs in.</param>
/// <param name="adjust">Changes the options, for tests; null for none.</param>
internal sealed class VaultClients(TokenCredential credential, Action<KeyClientOptions>? adjust = null)
{
    private readonly ConcurrentDictionary<Uri, KeyClient> _vaults = new();
    private readonly ConcurrentDictionary<(Uri Store, string Name, string Version), CryptographyClient> _versions = new();

    public KeyClient Of(KeyAddress key) => _vaults.GetOrAdd(key.Store, store => new KeyClient(store, credential, Options()));

    /// <summary>Uses one version. Its client reads the public key once, so it is kept when the call went well; what failed may name a version that never was.</summary>
    public async Task<T> UseAsync<T>(KeyAddress key, string version, Func<CryptographyClient, Task<T>> use)
    {
        var name = (key.Store, key.Name, version);
        if (_versions.TryGetValue(name, out var kept))
        {
            return await use(kept);
        }

        var client = Of(key).GetCryptographyClient(key.Name, version);
        var result = await use(client);
        _versions.TryAdd(name, client);
        return result;
    }

    private KeyClientOptions Options()
    {
        var options = new KeyClientOptions
        {
            // An HSM throttles by seconds and says for how long, which the client obeys.
            Retry = { MaxRetries = 4, Mode = RetryMode.Exponential, Delay = TimeSpan.FromMilliseconds(400), MaxDelay = TimeSpan.FromSeconds(8), NetworkTimeout = TimeSpan.FromSeconds(10) },
            Diagnostics = { IsLoggingContentEnabled = false },
        };
        adjust?.Invoke(options);
        return options;
    }
}
