namespace MidnightOS.Api.Hosting;

/// <summary>The areas of the API: where a route begins. The azure edition has one HTTP function for each, so that its figures are told apart by area.</summary>
internal static class ApiAreas
{
    public const string Auth = "api/auth";
    public const string Bots = "api/bots";
    public const string Operations = "api/operations";
    public const string Transactions = "api/transactions";
    public const string Chat = "api/chat";
    public const string Events = "api/events";
    public const string Activities = "api/activities";
    public const string Keys = "api/keys";
    public const string Health = "health";
    public const string WellKnown = ".well-known";
    public const string OpenApi = "openapi";

    /// <summary>Each function that takes requests, by the name and the route that the azure edition declares.</summary>
    /// <remarks>The one that takes what no area does sorts last: hosts were seen to ask functions in the order of their names.</remarks>
    public static IReadOnlyList<ApiArea> All { get; } =
    [
        new("Auth", AreaRoutes.Auth),
        new("Bots", AreaRoutes.Bots),
        new("Operations", AreaRoutes.Operations),
        new("Transactions", AreaRoutes.Transactions),
        new("Chat", AreaRoutes.Chat),
        new("Events", AreaRoutes.Events),
        new("Activities", AreaRoutes.Activities),
        new("Keys", AreaRoutes.Keys),
        new("Health", AreaRoutes.Health),
        new("WellKnown", AreaRoutes.WellKnown),
        new("OpenApi", AreaRoutes.OpenApi),
        new("ZzUnrouted", AreaRoutes.Unrouted),
    ];
}

/// <summary>A function that takes requests.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Route">Its route; no slash in front.</param>
internal sealed record ApiArea(string Function, string Route);

/// <summary>What the triggers of HTTP functions name as their routes: all that begins with an area, and all that does not.</summary>
internal static class AreaRoutes
{
    public const string Auth = ApiAreas.Auth + Rest;
    public const string Bots = ApiAreas.Bots + Rest;
    public const string Operations = ApiAreas.Operations + Rest;
    public const string Transactions = ApiAreas.Transactions + Rest;
    public const string Chat = ApiAreas.Chat + Rest;
    public const string Events = ApiAreas.Events + Rest;
    public const string Activities = ApiAreas.Activities + Rest;
    public const string Keys = ApiAreas.Keys + Rest;
    public const string Health = ApiAreas.Health + Rest;
    public const string WellKnown = ApiAreas.WellKnown + Rest;
    public const string OpenApi = ApiAreas.OpenApi + Rest;
    public const string Unrouted = "{*path}";

    private const string Rest = "/{*path}";
}
