using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Addresses;

/// <summary>The composition of Midnight's addresses.</summary>
internal static class AddressServices
{
    /// <summary>Adds <see cref="IAddressCodec"/>.</summary>
    public static IServiceCollection AddMidnightAddresses(this IServiceCollection services) => services.AddSingleton<IAddressCodec, AddressCodec>();
}
