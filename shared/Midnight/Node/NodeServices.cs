using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Node;

/// <summary>The composition of Node.js and its packages.</summary>
internal static class NodeServices
{
    public static IServiceCollection AddNodeWorkspace(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NodeOptions>().Bind(configuration.GetSection(NodeOptions.Section)).ValidateOnStart();
        services.AddOptions<NodePackagesOptions>().Bind(configuration.GetSection(NodePackagesOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NodeOptions>, ValidateNodeOptions>();
        services.AddSingleton<IValidateOptions<NodePackagesOptions>, ValidateNodeOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NodeRuntime>();
        services.AddSingleton<NodePackages>();
        services.AddSingleton<INodeWorkspace, NodeWorkspace>();
        return services;
    }
}
