using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using MidnightOS.Api.Hosting;

namespace MidnightOS.Azure.Api.Functions;

/// <summary>The functions that take requests, one for each area of the API. None of them knows a route or a rule: each hands the request to the one pipeline.</summary>
/// <remarks>No methods are named: the pipeline says what a path takes. Its answer is the answer, so the functions give an empty one.</remarks>
/// <param name="api">The pipeline.</param>
public sealed class HttpFunctions(ApiPipeline api)
{
    /// <summary>Accounts and sessions.</summary>
    [Function("Auth")]
    public Task<IResult> AuthAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Auth)] HttpRequest request) => RunAsync(request);

    /// <summary>Bots with their wallets, chats and contracts.</summary>
    [Function("Bots")]
    public Task<IResult> BotsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Bots)] HttpRequest request) => RunAsync(request);

    /// <summary>Long-running operations.</summary>
    [Function("Operations")]
    public Task<IResult> OperationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Operations)] HttpRequest request) => RunAsync(request);

    /// <summary>Transactions.</summary>
    [Function("Transactions")]
    public Task<IResult> TransactionsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Transactions)] HttpRequest request) => RunAsync(request);

    /// <summary>Conversations.</summary>
    [Function("Chat")]
    public Task<IResult> ChatAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Chat)] HttpRequest request) => RunAsync(request);

    /// <summary>The stream of events.</summary>
    [Function("Events")]
    public Task<IResult> EventsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Events)] HttpRequest request) => RunAsync(request);

    /// <summary>The list of events.</summary>
    [Function("Activities")]
    public Task<IResult> ActivitiesAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Activities)] HttpRequest request) => RunAsync(request);

    /// <summary>API keys.</summary>
    [Function("Keys")]
    public Task<IResult> KeysAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Keys)] HttpRequest request) => RunAsync(request);

    /// <summary>Whether the app lives and can serve.</summary>
    [Function("Health")]
    public Task<IResult> HealthAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Health)] HttpRequest request) => RunAsync(request);

    /// <summary>Public keys.</summary>
    [Function("WellKnown")]
    public Task<IResult> WellKnownAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.WellKnown)] HttpRequest request) => RunAsync(request);

    /// <summary>The OpenAPI document.</summary>
    [Function("OpenApi")]
    public Task<IResult> OpenApiAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.OpenApi)] HttpRequest request) => RunAsync(request);

    /// <summary>All that no area takes.</summary>
    [Function("ZzUnrouted")]
    public Task<IResult> ZzUnroutedAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = AreaRoutes.Unrouted)] HttpRequest request) => RunAsync(request);

    private async Task<IResult> RunAsync(HttpRequest request)
    {
        await api.RunAsync(request.HttpContext);
        return Results.Empty;
    }
}
