using System.Diagnostics;
using MidnightOS.Tests.Unit.Flows;
using MidnightOS.Tests.Unit.Storage;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>The test assembly as a program: what tests start as another process, to kill it or to race with it.</summary>
public static class ChildProgram
{
    /// <summary>Runs the part that the first argument names.</summary>
    public static Task Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args switch
        {
            [nameof(StorageChild.WritePairsAsync), var folder] => StorageChild.WritePairsAsync(folder),
            [nameof(StorageChild.IncrementAsync), var folder, var count] => StorageChild.IncrementAsync(folder, int.Parse(count)),
            [nameof(FlowChild), var folder, var boundary, var sequence] => FlowChild.RunAsync(folder, boundary, int.Parse(sequence)),
            _ => throw new ArgumentException($"There is no part '{string.Join(' ', args)}'.", nameof(args)),
        };
    }

    /// <summary>Starts a part in a process of its own; its standard output is to be read.</summary>
    public static Process Start(params string[] args)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(dotnet, [typeof(ChildProgram).Assembly.Location, .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
    }
}
