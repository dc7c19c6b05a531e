using System.Text.RegularExpressions;
using MidnightOS.Core.Maintenance;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Architecture;

/// <summary>A function of an app of the azure edition, as its source declares it. The apps do not compile in the default edition, so their sources are read.</summary>
/// <param name="App">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Trigger">What calls it: <c>Http</c>, <c>Timer</c>, <c>ServiceBus</c> and the like.</param>
/// <param name="Arguments">The trigger's arguments as they are written.</param>
/// <param name="Body">What follows its declaration, up to the next function.</param>
internal sealed partial record FunctionSource(PlatformApp App, string Name, string Trigger, string Arguments, string Body)
{
    public static IReadOnlyDictionary<PlatformApp, string> Folders { get; } = new Dictionary<PlatformApp, string>
    {
        [PlatformApp.Api] = "functions/Azure.Api/",
        [PlatformApp.Flows] = "orchestrations/Azure/",
        [PlatformApp.Prover] = "functions/Azure.Prover/",
    };

    private static readonly Lazy<IReadOnlyList<(string File, string Text)>> Sources = new(Repository.ReadSources);

    public static IReadOnlyList<FunctionSource> Read() => [.. Folders.SelectMany(static app => OfFolder(app.Key, app.Value))];

    /// <summary>How many times the sources of an app say that something is a function.</summary>
    public static int Declared(PlatformApp app) =>
        Sources.Value.Where(s => s.File.StartsWith(Folders[app], StringComparison.Ordinal)).Sum(static s => Regex.Count(s.Text, @"\[Function\(", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)));

    /// <summary>The value of a text constant of the product, by the class and the name.</summary>
    public static string Constant(string type, string name)
    {
        var declaration = new Regex($@"\bconst string {Regex.Escape(name)} = ""(?<value>[^""]*)"";", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        var source = Sources.Value.Single(s => s.File.EndsWith($"/{type}.cs", StringComparison.Ordinal));
        return declaration.Match(source.Text).Groups["value"].Value;
    }

    private static IEnumerable<FunctionSource> OfFolder(PlatformApp app, string folder) =>
        from source in Sources.Value
        where source.File.StartsWith(folder, StringComparison.Ordinal)
        from part in source.Text.Split("[Function(").Skip(1)
        let match = Declaration().Match(part)
        where match.Success
        select new FunctionSource(app, match.Groups["name"].Value, match.Groups["trigger"].Value, match.Groups["arguments"].Value, part[match.Length..]);

    [GeneratedRegex(@"^""?(?<name>[\w.-]+)""?\)\]\s+public (static )?(async )?Task(<\w+>)? \w+\(\s*\[(?<trigger>\w+)Trigger(\((?<arguments>[^\]]*)\))?\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Declaration();
}
