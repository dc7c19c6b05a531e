namespace MidnightOS.Api;

/// <summary>The first segments of the API's areas, in one place: the Azure edition routes its function by them.</summary>
internal static class Routes
{
    public const string Auth = "/api/auth";
    public const string Bots = "/api/bots";
    public const string Operations = "/api/operations";
    public const string Transactions = "/api/transactions";
    public const string Chat = "/api/chat";
    public const string Events = "/api/events";
    public const string Activities = "/api/activities";
    public const string Devnet = "/api/devnet";
    public const string ApiKeys = "/api/keys";
    public const string Health = "/health";
    public const string Metrics = "/metrics";
    public const string Keys = "/.well-known/jwks.json";
    public const string OpenApi = "/openapi/{documentName}.json";
}
