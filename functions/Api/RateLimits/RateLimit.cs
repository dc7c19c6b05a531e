using Microsoft.AspNetCore.Builder;

namespace MidnightOS.Api.RateLimits;

/// <summary>The limits a minute of the contract. The setting of each is <c>RateLimits:{Name}:PerMinute</c>.</summary>
internal enum RateLimit
{
    /// <summary>Registrations.</summary>
    Register,

    /// <summary>Everything that tries a password.</summary>
    Login,

    /// <summary>Refreshed and ended sessions.</summary>
    Refresh,

    /// <summary>Changes to bots and API keys.</summary>
    BotChanges,

    /// <summary>Messages to bots.</summary>
    Chat,

    /// <summary>Whatever may move money.</summary>
    Spends,

    /// <summary>Reads.</summary>
    Reads,
}

/// <summary>Names the limit of an endpoint; every endpoint has this metadata.</summary>
/// <param name="Limit">The limit; null for what must answer also when the counters cannot be reached.</param>
internal sealed record RateLimitMetadata(RateLimit? Limit);

internal static class RateLimitConventions
{
    /// <summary>Counts the requests of this endpoint under a limit.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder endpoint, RateLimit limit)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RateLimitMetadata(limit));

    /// <summary>Counts nothing. Only for endpoints that tell whether the process lives.</summary>
    public static TBuilder Unlimited<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RateLimitMetadata(null));
}
