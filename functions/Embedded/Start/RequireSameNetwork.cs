using Microsoft.Extensions.Options;
using MidnightOS.Core;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Storage;

namespace MidnightOS.Embedded.Start;

/// <summary>Binds a data folder to the network that it was first started with: its wallets' addresses, balances and transfers are of that network alone.</summary>
internal sealed class RequireSameNetwork(IDirectory directory, NetworkProfile network, IOptions<StorageOptions> options) : BeforeStart
{
    private static readonly DirectoryKey Key = new("dataFolder", "network");

    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        var bound = await directory.ClaimAsync(Key, new DirectoryClaim(TenantId.Platform, network.Name), cancellationToken);
        if (bound.Stored.Claim.Subject != network.Name)
        {
            throw new OptionsProblemException(
                $"The data folder {Path.GetFullPath(options.Value.Folder)} belongs to the network {bound.Stored.Claim.Subject}, not to {network.Name}. " +
                "Name another folder with --Data:Folder, or that network with --Midnight:Network.");
        }
    }
}
