using System.Reflection;
using MidnightOS.Api.Hosting;
using MidnightOS.Core.Maintenance;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Architecture;

/// <summary>What the functions of the azure edition's apps are called by, held against the tables of the product and the Bicep templates.</summary>
public sealed class FunctionTests
{
    private static readonly IReadOnlyList<FunctionSource> Functions = FunctionSource.Read();

    private static readonly string Platform = File.ReadAllText(Path.Combine(Repository.Root, "infra/bicep/platform.bicep"));

    public static TheoryData<PlatformApp> Apps => [.. FunctionSource.Folders.Keys.Where(static app => File.Exists(Path.Combine(Repository.Root, FunctionSource.Folders[app], "Program.cs")))];

    [Theory]
    [MemberData(nameof(Apps))]
    public void Functions_OfAnApp_AreAllDeclaredInTheFormThatIsReadHereAndEachHasItsOwnName(PlatformApp app)
    {
        var own = Functions.Where(function => function.App == app).ToList();
        Assert.NotEmpty(own);
        Assert.Equal(FunctionSource.Declared(app), own.Count);
        Assert.Equal(own.Count, own.Select(static function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void HttpFunctions_OfTheApi_AreTheAreasAndTakeEveryMethodFromEverybody()
    {
        var routes = typeof(AreaRoutes).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(static f => f.Name, static f => (string)f.GetRawConstantValue()!, StringComparer.Ordinal);
        const string Form = "AuthorizationLevel.Anonymous, Route = AreaRoutes.";
        var declared = Functions.Where(static function => function is { App: PlatformApp.Api, Trigger: "Http" }).ToList();
        Assert.All(declared, static function => Assert.StartsWith(Form, function.Arguments, StringComparison.Ordinal));
        Assert.Equal(ApiAreas.All, declared.Select(function => new ApiArea(function.Name, routes[function.Arguments[Form.Length..]])));
        Assert.All(declared, static function => Assert.Contains("=> RunAsync(request);", function.Body, StringComparison.Ordinal));
    }

    [Fact]
    public void Fallback_OfTheApi_SortsAfterEveryFunctionOfTheApp()
    {
        var names = Functions.Where(static function => function.App == PlatformApp.Api).Select(static function => function.Name).ToList();
        Assert.Equal(ApiAreas.All.Single(static area => area.Route == AreaRoutes.Unrouted).Function, names.Order(StringComparer.OrdinalIgnoreCase).Last());
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public void Timers_OfAnApp_RunTheWorksThatArePlannedThere(PlatformApp app)
    {
        var planned = WorkPlan.All.Where(work => work.App == app).Select(static work => (work.Name, work.Schedule));
        var declared = Functions.Where(function => function.App == app && function.Trigger == "Timer" && function.Body.Contains("WorkPlan.", StringComparison.Ordinal))
            .Select(static function => (WorkOf(function), ScheduleOf(function)));
        Assert.Equal(planned.Order(), declared.Order());
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public void QueueTriggers_OfAnApp_ReadTheQueueThatItsIdentityMayRead(PlatformApp app)
    {
        string[] expected = app switch { PlatformApp.Flows => ["flows", "proofnews"], PlatformApp.Prover => ["proofs"], _ => [] };
        var triggers = Functions.Where(function => function.App == app && function.Trigger == "ServiceBus").ToList();
        Assert.Equal(expected, triggers.Select(static function => QueueOf(function)));
        Assert.All(triggers, static trigger =>
        {
            // A flow's messages keep their order; proofs have none, and a session would keep a tenant's on one instance.
            Assert.Equal(QueueOf(trigger) == "flows", trigger.Arguments.Contains("IsSessionsEnabled = true", StringComparison.Ordinal));
            Assert.Contains("Connection = \"ServiceBus\"", trigger.Arguments, StringComparison.Ordinal);
        });
        Assert.Contains("ServiceBus__fullyQualifiedNamespace:", Platform, StringComparison.Ordinal);
        var bus = File.ReadAllText(Path.Combine(Repository.Root, "infra/bicep/modules/servicebus.bicep"));
        Assert.All(expected, queue => Assert.Matches($"name: '{queue}'[^}}]*requiresSession: {(queue == "flows" ? "true" : "false")}", bus));
    }

    private static string WorkOf(FunctionSource function) => PlanConstant(After(function.Body, "RunAsync(WorkPlan."));

    private static string ScheduleOf(FunctionSource function) => PlanConstant(After(function.Arguments, "WorkPlan."));

    private static string PlanConstant(string name) => (string)typeof(WorkPlan).GetField(name)!.GetRawConstantValue()!;

    private static string QueueOf(FunctionSource function)
    {
        var parts = function.Arguments.Split(',')[0].Split('.');
        return parts.Length == 2 ? FunctionSource.Constant(parts[0], parts[1]) : parts[0].Trim('"');
    }

    private static string After(string text, string mark) => new([.. text[(text.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].TakeWhile(char.IsAsciiLetterOrDigit)]);
}
