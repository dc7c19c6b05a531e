using System.Diagnostics;
using MidnightOS.Tests.Soak.Hosts;

namespace MidnightOS.Tests.Soak.Scenarios;

/// <summary>Rotates keys by the operator's commands beside the host; some of the commands are killed too.</summary>
internal sealed class KeyRotations(SoakRun run)
{
    private static readonly string[] Keys = ["wallets", "signing", "tokens", "payloads"];
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(run.Random.Next());

    public async Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken)
    {
        while (!stopping.IsCancellationRequested)
        {
            await RotateAsync(Keys[_random.Next(Keys.Length)], cancellationToken);
            await Task.Delay(Between * _random.NextDouble() * 2, cancellationToken);
        }
    }

    private async Task RotateAsync(string key, CancellationToken cancellationToken)
    {
        using var command = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [SoakRun.Product, "keys", "rotate", key, "--Data:Folder", run.DataFolder])
        {
            WorkingDirectory = run.Folder,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = command.StandardError.ReadToEndAsync(cancellationToken);
        _ = command.StandardOutput.ReadToEndAsync(cancellationToken);
        if (_random.Next(3) == 0)
        {
            await Task.Delay(_random.Next(300, 1_500), cancellationToken);
            if (!command.HasExited)
            {
                Posix.Send(command.Id, Posix.Kill);
                run.Findings.Count("kills of operator commands");
                run.Findings.Count("kills");
            }
        }

        await command.WaitForExitAsync(cancellationToken);
        if (command.ExitCode == 0)
        {
            run.Findings.Count($"rotations of {key}");
        }
        else if (command.ExitCode != 128 + Posix.Kill)
        {
            run.Findings.Violated($"The command keys rotate {key} ended with {command.ExitCode}: {await said}");
        }
    }
}
