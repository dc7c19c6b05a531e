using Microsoft.Extensions.Hosting;

namespace MidnightOS.Custody.Vault;

/// <summary>Opens the key file before the host takes requests: one that is missing, damaged or open to others stops the start with a sentence that says so.</summary>
internal sealed class OpenVaultAtStart(FileVault vault) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => vault.OpenAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
