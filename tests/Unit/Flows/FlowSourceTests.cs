using System.Text.RegularExpressions;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The sources of flows contain nothing that a replay would do otherwise.</summary>
public sealed partial class FlowSourceTests
{
    private static readonly string[] Forbidden =
    [
        "ConfigureAwait", "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "TimeProvider", "Stopwatch", "Environment.",
        "Guid.NewGuid", "Guid.CreateVersion7", "Random", "RandomNumberGenerator", "Task.Delay", "Task.Run", "Task.Factory", "Thread.", "Parallel.", "Timer",
        ".Result", ".Wait(", "GetAwaiter", "ContinueWith", "HttpClient", "File.", "IIdGenerator", "IDocumentStore",
    ];

    [Fact]
    public void Flows_InOrchestrations_ContainNothingForeign()
    {
        var files = System.IO.Directory.GetFiles(Path.Combine(Root(), "orchestrations"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToList();

        var found = files.SelectMany(f => Scan(System.IO.File.ReadAllText(f)).Select(fault => $"{Path.GetFileName(f)}: {fault}"));

        Assert.Empty(found);
        Assert.Contains(files, f => FlowClass().IsMatch(System.IO.File.ReadAllText(f)));
    }

    [Theory]
    [InlineData("await context.CallAsync(Step, 1).ConfigureAwait(false);", "ConfigureAwait")]
    [InlineData("var now = DateTime.UtcNow;", "DateTime.UtcNow")]
    [InlineData("var id = Guid.NewGuid();", "Guid.NewGuid")]
    [InlineData("await Task.Delay(1);", "Task.Delay")]
    [InlineData("var dice = Random.Shared.Next();", "Random")]
    [InlineData("await Task.Run(() => 1);", "Task.Run")]
    [InlineData("var x = context.CallAsync(Step, 1).Result;", ".Result")]
    public void Scan_ForbiddenInAFlow_IsFound(string statement, string expected)
    {
        var flow = $$"""
            internal sealed class BadFlow : IFlow<int, int>
            {
                public async Task<int> RunAsync(IFlowContext context, int input) { {{statement}} return 1; }
            }
            """;

        Assert.Equal([expected], Scan(flow));
    }

    [Fact]
    public void Scan_ForbiddenOutsideFlowsOrInComments_IsLeftAlone()
    {
        const string source = """
            public sealed class GoodFlow(int x) : IFlow<int, int>
            {
                // No Task.Delay here.
                public Task<int> RunAsync(IFlowContext context, int input) => context.CallAsync(Step, "Task.Run");
            }

            internal sealed class SomeStep : IStep<int, int>
            {
                public async Task<int> RunAsync(StepKey key, int input, CancellationToken stop) { await Task.Delay(1, stop); return 1; }
            }
            """;

        Assert.Empty(Scan(source));
    }

    private static IEnumerable<string> Scan(string source)
    {
        var code = Noise().Replace(source, match => match.Value[0] == '"' ? "\"\"" : " ");
        return FlowClass().Matches(code).Select(m => Body(code, m.Index)).SelectMany(body => Forbidden.Where(f => body.Contains(f, StringComparison.Ordinal)));
    }

    private static string Body(string code, int start)
    {
        var open = code.IndexOf('{', start);
        var depth = 0;
        for (var i = open; i < code.Length; i++)
        {
            depth += code[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return code[open..i];
            }
        }

        return code[open..];
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "MidnightOS.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }

    [GeneratedRegex(@"class\s+\w+(<[^>]*>)?\s*(\([^)]*\))?\s*:\s*[^{]*\bIFlow<", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex FlowClass();

    [GeneratedRegex("""//[^\n]*|/\*[\s\S]*?\*/|"(?:\\.|[^"\\\n])*(?:")""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Noise();
}
