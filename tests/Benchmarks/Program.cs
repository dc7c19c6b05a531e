using MidnightOS.Tests.Benchmarks;
using MidnightOS.Tests.Benchmarks.Cases;
using MidnightOS.Tests.Benchmarks.Hosts;

if (args is [BareHost.Verb, .. var settings])
{
    await BareHost.RunAsync(settings);
    return 0;
}

var options = BenchmarkOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(BenchmarkOptions.Usage);
    return 2;
}

List<Figure> figures = [];
foreach (var name in options.Cases)
{
    await Console.Error.WriteLineAsync($"{name} …");
    figures.AddRange(await AllCases.ByName[name](options));
}

await Console.Out.WriteLineAsync(Report.Table(figures));
var json = Report.ToJson(figures, TimeProvider.System.GetUtcNow());
await (options.JsonFile is null ? Console.Out.WriteLineAsync(json) : File.WriteAllTextAsync(options.JsonFile, json));
return figures.Any(static figure => figure.Met == false) ? 1 : 0;
