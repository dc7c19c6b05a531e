using System.Diagnostics;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Proving;

/// <summary>The script by which the prover's image starts Node.js: as a user of its own.</summary>
public sealed class NodeApartTests : IDisposable
{
    internal const string User = "64801";

    internal static readonly string Script = Path.Combine(Repository.Root, "functions/Azure.Prover/node-apart.sh");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RootFact]
    public async Task Start_ByRoot_IsAnotherUserWhoCannotReadTheHostsEnvironment()
    {
        const string Look = "let read='read';try{require('fs').readFileSync(`/proc/${process.ppid}/environ`)}catch(e){read=e.code}console.log(process.getuid(),process.getgid(),process.getgroups().length,read)";
        Assert.Equal($"{User} {User} 1 EACCES", await RunAsync(await NodeAsync(), "-e", Look));
    }

    [RootFact]
    public async Task Start_WhereTheUserCannotBeChanged_RunsAllTheSame()
    {
        // One that answers no question about its version stands for a machine that does not allow it.
        var program = _folder.File("node");
        await File.WriteAllTextAsync(program, "#!/bin/sh\n[ \"$1\" = --version ] && exit 1\necho \"$@\"\n");
        await ChangeAsync("chmod", "755", program);
        Assert.Equal("--no-warnings x y", await RunAsync(program, "--no-warnings", "x y"));
    }

    [RootFact]
    public async Task Derive_IntoItsFolder_WritesTheParameters()
    {
        const int Small = 3;
        await ChangeAsync("chmod", "711", _folder.Path);
        var (parameters, program) = (_folder.File("zk-params"), _folder.File("node"));
        Directory.CreateDirectory(parameters);
        await ChangeAsync("chown", $"{User}:{User}", parameters);

        // The script takes the place of Node.js by a setting; where that is, it knows in its image.
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nNODE_PROGRAM={await NodeAsync()} exec {Script} \"$@\"\n");
        await ChangeAsync("chmod", "755", program);
        await using var proving = new ProvingUnderTest(("ParameterFolder", parameters), ("Node:Path", program));
        var failure = await proving.Parameters.EnsureAsync(Small, again: false, default);
        Assert.True(failure is null, failure?.Reason);
        Assert.True(File.Exists(Path.Combine(parameters, "bls_midnight_2p3")));
    }

    private static async Task<string> NodeAsync() => (await NodeUnderTest.PrepareAsync(PackageSet.Product)).Node;

    private static async Task ChangeAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Script, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment.Clear();
        start.Environment["NODE_PROGRAM"] = program;
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Trim();
    }
}

/// <summary>A fact that only root can show, in a folder that other users may read.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Reason;

    private static string? Reason { get; } = CanBeShown() ? null : "It needs root, setpriv, and folders of Node.js and of this repository that other users may read.";

    private static bool CanBeShown()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/setpriv"))
        {
            return false;
        }

        string[] asUser = ["--reuid=" + NodeApartTests.User, "--regid=" + NodeApartTests.User, "--clear-groups", "--", "/bin/sh", "-c"];
        using var process = Process.Start("/usr/bin/setpriv", [.. asUser, $"test -r '{NodeApartTests.Script}' && node --version >/dev/null"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
