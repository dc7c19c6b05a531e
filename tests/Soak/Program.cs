using MidnightOS.Tests.Soak;
using MidnightOS.Tests.Soak.Hosts;
using MidnightOS.Tests.Soak.Scenarios;

if (args is [JumpingHost.Verb, ..])
{
    return await JumpingHost.RunAsync(args[1..]);
}

IScenario[] scenarios = [new Kills(), new FullDisk(), new ReadOnlyFolder(), new ClockJumps(), new DevnetFaults()];
if (SoakOptions.Parse(args) is not { } options || !(options.Scenario == "all" || scenarios.Any(scenario => scenario.Name == options.Scenario)))
{
    await Console.Error.WriteLineAsync(SoakOptions.Usage);
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interrupted.Cancel();
};
var violated = false;
foreach (var scenario in scenarios.Where(scenario => options.Scenario == "all" || scenario.Name == options.Scenario))
{
    violated |= !await ScenarioRunner.RunAsync(scenario, options, interrupted.Token);
}

return violated ? 1 : 0;
