using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Midnight.Addresses;
using MidnightOS.Midnight.Chain;
using MidnightOS.Midnight.Ledger;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight;

/// <summary>The composition of Midnight.</summary>
public static class MidnightServices
{
    /// <summary>
    /// Adds the chain client behind <c>IChainIndexer</c>, <c>IChainNode</c>, <c>IFaucet</c> and <c>NetworkProfile</c>, and the ledger's processes
    /// behind <c>ILedger</c>, and <c>IAddressCodec</c>.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">Read at section <c>Midnight</c>; a setting that cannot be used stops the host at its start and is named.</param>
    public static IServiceCollection AddMidnight(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddMidnightChain(configuration).AddNodeWorkspace(configuration).AddLedger(configuration);
    }

    /// <summary>Adds the chain client and <c>IAddressCodec</c> alone, for a host that starts no processes.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">As above.</param>
    public static IServiceCollection AddMidnightChain(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddMidnightAddresses().AddChain(configuration);
    }

    /// <summary>Adds Node.js and the npm packages alone, for a host that proves and does nothing else.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">Read at the sections <c>Node</c> and <c>Midnight</c>.</param>
    public static IServiceCollection AddMidnightNode(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddNodeWorkspace(configuration);
    }
}
