using System.ComponentModel;
using System.Diagnostics;

namespace MidnightOS.Midnight.Node;

/// <summary>Runs <c>npm ci</c>.</summary>
internal static class NpmInstall
{
    private static readonly string[] Names =
    [
        "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP", "SystemRoot", "ComSpec", "PATHEXT",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ];

    /// <exception cref="NodeUnavailableException">npm is missing or failed.</exception>
    public static async Task RunAsync(string node, string folder, PackageSet packages, CancellationToken cancellationToken)
    {
        List<string> arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        if (packages == PackageSet.Product)
        {
            arguments.Add("--omit=dev");
        }

        using var process = StartNpm(node, folder, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ChildProcess.Kill(process, withChildren: true);
            throw;
        }

        await output;
        if (process.ExitCode != 0)
        {
            throw new NodeUnavailableException($"npm could not install the packages in {folder}: {LastLine(await errors)}");
        }
    }

    private static Process StartNpm(string node, string folder, List<string> arguments)
    {
        var bin = Path.GetDirectoryName(node)!;
        var beside = Path.Combine(bin, OperatingSystem.IsWindows() ? "npm.cmd" : "npm");
        try
        {
            return ChildProcess.Start(File.Exists(beside) ? beside : "npm", arguments, EnvironmentFor(bin), folder);
        }
        catch (Win32Exception exception)
        {
            throw new NodeUnavailableException($"npm was not found beside {node}; install it, or run npm ci in {folder}.", exception);
        }
    }

    private static Dictionary<string, string> EnvironmentFor(string bin)
    {
        var path = bin + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = path };
        foreach (var name in Names)
        {
            ChildProcess.Pass(environment, name);
        }

        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsNpmSetting))
        {
            ChildProcess.Pass(environment, name);
        }

        return environment;
    }

    private static bool IsNpmSetting(string name) => name.StartsWith("npm_config_", StringComparison.OrdinalIgnoreCase);

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(line => line.Length > 0) ?? "it gave no reason";
}
