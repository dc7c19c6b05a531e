using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.RateLimits;

namespace MidnightOS.Api.Health;

/// <summary>Whether the process lives and whether it can serve.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/health</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup(Routes.Health).WithTags("Health");
        health.MapGet("", static () => Results.Ok(new HealthResponse("alive"))).AllowAnonymous().Unlimited()
            .Documented("health", "Whether the process lives.").Answers<HealthResponse>();
        health.MapGet("/ready", ReadyAsync).AllowAnonymous().Unlimited()
            .Documented("ready", "Each dependency with its state and latency; 503 when one cannot be used.")
            .Answers<ReadinessResponse>().Answers<ReadinessResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var response = await readiness.CheckAsync().WaitAsync(cancellationToken);
        var up = response.Dependencies.All(static d => d.State == DependencyState.Up);
        return Results.Json(response, statusCode: up ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <param name="Status"><c>alive</c>.</param>
internal sealed record HealthResponse(string Status);
