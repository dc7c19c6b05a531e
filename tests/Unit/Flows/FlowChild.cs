using System.Diagnostics;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>A host in a process of its own, which kills itself at a boundary.</summary>
internal static class FlowChild
{
    public const string Id = "txn_1";

    /// <summary>Runs the flow until the process is killed.</summary>
    /// <param name="folder">The data folder; the steps' effects are lines of the file beside the database.</param>
    /// <param name="boundary">"start", "return" or "journal".</param>
    /// <param name="sequence">The call at whose boundary the process dies.</param>
    public static async Task RunAsync(string folder, string boundary, int sequence)
    {
        var probe = new FlowProbe();
        Action<StepStage> kill = stage =>
        {
            if (stage.Key.Sequence == sequence)
            {
                Process.GetCurrentProcess().Kill();
            }
        };
        (probe.AtStart, probe.AtReturn, probe.AtJournal) = boundary switch
        {
            "start" => (kill, null, null),
            "return" => (null, kill, null),
            _ => ((Action<StepStage>?)null, (Action<StepStage>?)null, kill),
        };
        await using var host = await EmbeddedFlowHost.StartAsync(folder, TimeProvider.System, probe, EmbeddedFlowHost.Scripted(Script(folder)));
        await host.Client.StartAsync(FlowScript.Flow.Name, Id, "\"in\"", CancellationToken.None);
        await probe.EndAsync(Id);
    }

    /// <summary>Three steps, each of which leaves a line.</summary>
    public static FlowScript Script(string folder) => new()
    {
        Run = async (context, input) =>
        {
            for (var i = 0; i < 3; i++)
            {
                context.SetCustomStatus($"step {i + 1}");
                input = await context.CallAsync(FlowScript.Do, input);
            }

            return $"{input} {context.NewId("evt_")}";
        },
        Step = async (key, input, stop) =>
        {
            await File.AppendAllTextAsync(Effects(folder), $"{key.Sequence}\n", stop);
            return input + ".";
        },
    };

    public static string Effects(string folder) => Path.Combine(folder, "effects.txt");
}
