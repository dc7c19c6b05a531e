using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Node;

/// <summary>Which packages an installation has.</summary>
public enum PackageSet
{
    /// <summary>What the product runs on.</summary>
    Product,

    /// <summary>What its own tests need too.</summary>
    Development,
}

/// <summary>Installs the npm workspace when its lock file has changed. When nothing has, it reads two small files and starts no process.</summary>
internal sealed class NodePackages(NodeRuntime runtime, IOptions<NodePackagesOptions> options, TimeProvider time, ILogger<NodePackages> logger)
{
    private const string StampName = ".midnightos-installed";
    private const string GateName = ".midnightos-install.lock";
    private static readonly TimeSpan GatePause = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes sure that the packages are there.</summary>
    /// <param name="packages">Which; an installation for development serves the product too.</param>
    /// <param name="progress">Told in plain sentences when something takes long.</param>
    /// <param name="cancellationToken">Ends the wait and the installation.</param>
    /// <returns>The workspace's folder.</returns>
    /// <exception cref="NodeUnavailableException">Node.js or the folder is missing, or npm failed.</exception>
    public async Task<string> EnsureAsync(PackageSet packages, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var folder = PackagesFolder.Find(options.Value.PackagesFolder, AppContext.BaseDirectory);
        if (IsCurrent(folder, packages))
        {
            return folder;
        }

        await using var gate = await EnterAsync(folder, progress, cancellationToken);
        if (!IsCurrent(folder, packages))
        {
            // A developer who starts the host keeps the tools that are installed already.
            await InstallAsync(folder, HasDevelopment(folder) ? PackageSet.Development : packages, progress, cancellationToken);
        }

        return folder;
    }

    /// <summary>Whether the lock file is the one that was installed, with all that is asked for.</summary>
    public static bool IsCurrent(string folder, PackageSet packages)
    {
        var stamp = StampOf(folder);
        if (!File.Exists(stamp))
        {
            return false;
        }

        var installed = File.ReadAllText(stamp);
        return installed == Stamp(folder, PackageSet.Development) || (packages == PackageSet.Product && installed == Stamp(folder, packages));
    }

    private async Task InstallAsync(string folder, PackageSet packages, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var node = await runtime.GetAsync(cancellationToken);
        progress?.Report("Installing the Node packages of Midnight; this happens once and takes some seconds.");
        NodeLog.Installing(logger, folder);
        var started = time.GetTimestamp();
        var stamp = Stamp(folder, packages);
        await NpmInstall.RunAsync(node, folder, packages, cancellationToken);
        var temporary = StampOf(folder) + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        await File.WriteAllTextAsync(temporary, stamp, cancellationToken);
        File.Move(temporary, StampOf(folder), overwrite: true);
        NodeLog.Installed(logger, folder, time.GetElapsedTime(started));
        progress?.Report("The Node packages are installed.");
    }

    /// <summary>npm writes down what it installed, and marks what only development needs.</summary>
    private static bool HasDevelopment(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        return File.Exists(installed) && File.ReadAllText(installed).Contains("\"dev\": true", StringComparison.Ordinal);
    }

    /// <summary>One process at a time installs. The lock ends with its holder, so that a killed host leaves nothing behind.</summary>
    private async Task<FileStream> EnterAsync(string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, GateName);
        for (var told = false; ; told = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!told)
                {
                    progress?.Report("Waiting for another process that installs the Node packages.");
                }

                await Task.Delay(GatePause, time, cancellationToken);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw new NodeUnavailableException($"The Node packages are not installed, and {folder} may not be written; run npm ci there.", exception);
            }
        }
    }

    private static string StampOf(string folder) => Path.Combine(folder, "node_modules", StampName);

    private static string Stamp(string folder, PackageSet packages)
    {
        var hash = SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, PackagesFolder.LockFile)));
        return $"{Convert.ToHexStringLower(hash)} {packages}";
    }
}
