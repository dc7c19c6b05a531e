using MidnightOS.Api.Hosting;

namespace MidnightOS.Api;

/// <summary>The first segments of the API's routes, in one place.</summary>
internal static class Routes
{
    public const string Auth = "/" + ApiAreas.Auth;
    public const string Bots = "/" + ApiAreas.Bots;
    public const string Operations = "/" + ApiAreas.Operations;
    public const string Transactions = "/" + ApiAreas.Transactions;
    public const string Chat = "/" + ApiAreas.Chat;
    public const string Events = "/" + ApiAreas.Events;
    public const string Activities = "/" + ApiAreas.Activities;
    public const string Devnet = "/api/devnet";
    public const string ApiKeys = "/" + ApiAreas.Keys;
    public const string Health = "/" + ApiAreas.Health;
    public const string Metrics = "/metrics";
    public const string Keys = "/" + ApiAreas.WellKnown + "/jwks.json";
    public const string OpenApi = "/" + ApiAreas.OpenApi + "/{documentName}.json";
}
