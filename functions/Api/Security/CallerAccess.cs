using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Accounts;

namespace MidnightOS.Api.Security;

/// <summary>Names the permission that an endpoint asks for.</summary>
/// <param name="Permission">One of <see cref="Permission"/>.</param>
internal sealed record PermissionMetadata(string Permission);

/// <summary>How endpoints learn who asks, and say who may.</summary>
internal static class CallerAccess
{
    /// <summary>The signed-in user. On an endpoint that takes anonymous requests it may be missing, which throws: use <see cref="FindCaller"/> there.</summary>
    /// <remarks>Endpoints may also take a parameter of type <see cref="Caller"/>.</remarks>
    public static Caller GetCaller(this HttpContext context) =>
        context.FindCaller() ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>Lets endpoints take a parameter of type <see cref="Caller"/>.</summary>
    public static IServiceCollection AddCallers(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped(static provider =>
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.GetCaller()
                ?? throw new InvalidOperationException("There is no request and so no caller."));
        return services;
    }

    /// <summary>The signed-in user; null when nobody is.</summary>
    public static Caller? FindCaller(this HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Only users whose role gives the permission; others get <c>FORBIDDEN</c>.</summary>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <param name="permission">One of <see cref="Permission"/>.</param>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PermissionMetadata(permission)).RequireAuthorization(policy => policy.RequireAuthenticatedUser()
            .RequireAssertion(context => context.Resource is HttpContext http && http.FindCaller()?.May(permission) == true));
}
