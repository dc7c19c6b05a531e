using System.Diagnostics;

namespace MidnightOS.Midnight.Node;

/// <summary>Starts children with nothing of the host's but what is named: no environment, no core dumps, the three streams redirected.</summary>
internal static class ChildProcess
{
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        CoreDumps.Forbid();
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder ?? "",
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} gave no process.");
    }

    /// <summary>What Node needs of the host's environment: nothing, but on Windows where the system is.</summary>
    public static Dictionary<string, string> MinimalEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_ENV"] = "production" };
        Pass(environment, "SystemRoot");
        return environment;
    }

    /// <summary>Copies a variable of the host's environment when it is set.</summary>
    public static void Pass(Dictionary<string, string> environment, string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
        {
            environment[name] = value;
        }
    }

    /// <summary>Ends a child: its standard input closes, and when that does not help in time it is killed. Returns when it is gone.</summary>
    public static async Task EndAsync(Process process, TimeSpan patience, TimeProvider time)
    {
        CloseInput(process);
        using var timeout = new CancellationTokenSource(patience, time);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Kills a child that may have ended already.</summary>
    public static void Kill(Process process, bool withChildren = false)
    {
        try
        {
            process.Kill(withChildren);
        }
        catch (InvalidOperationException)
        {
            // It ended between the decision and the call.
        }
    }

    private static void CloseInput(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child ended first; there is nobody to flush to.
        }
    }
}
