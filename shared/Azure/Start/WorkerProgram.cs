using Microsoft.Extensions.Hosting;
using MidnightOS.Core;

namespace MidnightOS.Azure.Start;

/// <summary>The program of a function app. What keeps it from starting is one sentence, as in the embedded edition.</summary>
public static class WorkerProgram
{
    /// <summary>Runs the app until its host ends it.</summary>
    /// <param name="app">What it is, such as "the prover".</param>
    /// <param name="args">The command line.</param>
    /// <param name="build">Builds it.</param>
    /// <param name="errors">Where the sentence is written.</param>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string app, string[] args, Func<string[], IHost> build, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(errors);
        if (FunctionsHost.Problem(app, args) is { } missing)
        {
            await errors.WriteLineAsync(missing);
            return 1;
        }

        try
        {
            using var host = build(args);
            await host.RunAsync();
            return 0;
        }
        catch (Exception exception) when (SettingProblem.Of(exception) is not null)
        {
            await errors.WriteLineAsync(SettingProblem.Of(exception));
            return 1;
        }
    }
}
