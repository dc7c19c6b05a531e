using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core;

/// <summary>The composition of Core.</summary>
public static class CoreServices
{
    /// <summary>Adds every use case of Core. The host adds the ports: storage, custody, chain, flows, model.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IIdGenerator, IdGenerator>();
        services.AddAccounts();
        return services;
    }
}
