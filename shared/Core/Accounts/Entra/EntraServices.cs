using Microsoft.Extensions.DependencyInjection;

namespace MidnightOS.Core.Accounts.Entra;

/// <summary>The composition of the sign-in with Entra.</summary>
public static class EntraServices
{
    /// <summary>Adds the use case; its settings are checked at start.</summary>
    public static IServiceCollection AddEntraAccounts(this IServiceCollection services)
    {
        services.AddValidatedOptions<EntraOptions>(EntraOptions.Section, static options => options.Problem());
        return services.AddSingleton<SignInWithEntra>();
    }
}
